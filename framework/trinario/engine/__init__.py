"""The machine: one event of one contact in, what becomes of her sessions and what is to be done out; pure."""
