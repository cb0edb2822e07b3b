"""The components' own source, as part of Rasa's training cache keys."""

import hashlib
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def source_fingerprint() -> str:
    """Returns a digest of every module of this package.

    Rasa's training cache looks only at the source of a component's class. Most of our work is done by
    functions and tables in other modules: without this digest an edit of theirs would leave stale results.
    """
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
