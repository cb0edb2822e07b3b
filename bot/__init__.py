"""The bot process: language understanding and dialogue, run by Rasa."""
