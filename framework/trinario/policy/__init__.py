"""The one question before every message: may it go, and where."""
