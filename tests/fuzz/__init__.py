"""Webhooks that no Meta would send, by the thousand: `python -m tests.fuzz`."""
