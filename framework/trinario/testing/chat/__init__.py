"""A flow talked with in the terminal: the real machine in memory, three phones, a clock that a person moves."""
