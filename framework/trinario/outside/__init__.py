"""The outside that flows ask: services over HTTP, functions of a bot, a language model."""
