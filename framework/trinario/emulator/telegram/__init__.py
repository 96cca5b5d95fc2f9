"""Telegram's side of the emulator: the Bot API, its checks, and the people's phones."""
