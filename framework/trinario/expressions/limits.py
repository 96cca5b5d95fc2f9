"""What one phrase or condition may cost: sizes, depths, and the fuel that bounds its CPU time."""

SOURCE_CHARACTERS = 16_384
"""Longest source that is compiled; constant text is not bound by it."""

NODES = 1_000
"""Most names, values and operators in one source."""

DEPTH = 50
"""Deepest nesting of operators, brackets and blocks."""

OUTPUT_CHARACTERS = 8_192
"""Longest text that a phrase, or an operation inside it, may make."""

FUEL = 10_000
"""Units of work in one rendering. One unit is about a microsecond: an operation, or 32 characters gone over."""

DIGITS = 30
"""Numbers stay below 10 ** DIGITS, in literals and in results."""

EXPONENT = 64
"""Greatest power that `**` takes."""

PRINT_DEPTH = 6
"""Deepest list within list that is still printed."""

DATE_PATTERN_CHARACTERS = 40
"""Longest pattern of the `date` filter."""
