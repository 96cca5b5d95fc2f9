"""A bot on Telegram, over the Bot API."""
