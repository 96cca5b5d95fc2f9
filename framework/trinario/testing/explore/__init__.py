"""Plays flows with made-up answers and finds where a conversation goes wrong: `trinario check --explore`."""
