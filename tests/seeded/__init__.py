"""A good project of four flows, and thirty ways in which people break such flows: what `check` has to find."""
