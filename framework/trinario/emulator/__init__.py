"""Meta on this machine: the send endpoints, the limits, the windows, the webhooks, and people with three phones."""
