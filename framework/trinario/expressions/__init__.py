"""Texts and conditions of flows: Jinja's language, compiled in a sandbox, checked, bounded. No I/O."""

from trinario.expressions.filters import LABELS, LOCALE
from trinario.expressions.names import Known, NameFault, Path, Use, check_names, offset_of, path_of, walk
from trinario.expressions.phrase import Condition, Phrase, Scope, compile_condition, compile_phrase, parts_of

__all__ = [
    "LABELS",
    "LOCALE",
    "Condition",
    "Known",
    "NameFault",
    "Path",
    "Phrase",
    "Scope",
    "Use",
    "check_names",
    "compile_condition",
    "compile_phrase",
    "offset_of",
    "parts_of",
    "path_of",
    "walk",
]
