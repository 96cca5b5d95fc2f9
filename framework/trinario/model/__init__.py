"""The frozen nouns every other room speaks of; nothing here does I/O."""
