"""Reading answers: what a message means as the answer to a question. One table of types, in `table.py`."""

from trinario.engine.answer.heed import heed
from trinario.engine.answer.reading import Bad, Good, Heeded, Reading
from trinario.engine.answer.table import TYPES, AnswerType, is_closed, read

__all__ = ["TYPES", "AnswerType", "Bad", "Good", "Heeded", "Reading", "heed", "is_closed", "read"]
