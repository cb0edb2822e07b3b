"""``python -m guichet``."""

from guichet.cli import main

main()
