"""Two versions of the same flows, held against each other: what changed, what becomes of who waits, how to show it."""
