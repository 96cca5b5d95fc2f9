"""The scenarios that every bot on these platforms has to live through."""
