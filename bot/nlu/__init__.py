"""Rasa graph components that understand French customers; nothing here imports the service."""
