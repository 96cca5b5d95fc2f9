"""The reference pages that are made of the program itself: one file a matter, lines of Markdown out of its tables."""
