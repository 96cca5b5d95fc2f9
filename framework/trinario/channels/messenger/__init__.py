"""Messenger through a Page."""
