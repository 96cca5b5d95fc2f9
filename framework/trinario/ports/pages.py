"""Lists that are read page by page, the newest first."""

NEWEST = 2**62
"""Above every row: where the first page begins."""
