"""Scheduled sending, pure: which times of a time table come when."""
