"""What Meta refuses, per platform, in Meta's order and with Meta's codes."""
