"""How well the tests watch the engine: mutmut changes one thing at a time, and a test has to fail."""
