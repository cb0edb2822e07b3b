"""Unit tests, one file per module: no server, no database, no Rasa."""
