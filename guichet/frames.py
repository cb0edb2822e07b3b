"""What the two sockets share about frames."""

import json


def frame_id(text: str) -> str | None:
    """The id of a faulty frame when it has a usable one, so that the client knows which message failed."""
    try:
        frame = json.loads(text)
    except ValueError:
        return None
    ident = frame.get("id") if isinstance(frame, dict) else None
    return ident if isinstance(ident, str) and len(ident) <= 36 else None
