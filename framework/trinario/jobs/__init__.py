"""What the runtime does again and again, one file a job; the world is handed in as ports."""
