"""Talks: played conversations on the real machine, with a clock that only the talk moves."""
