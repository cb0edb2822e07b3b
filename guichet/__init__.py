"""Guichet: a French customer-service assistant for online shops."""
