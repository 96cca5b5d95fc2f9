"""Adapters: what the platforms send, read into our words; what we say, written in theirs."""
