"""How SQLite reaches into a contact's JSON, and the functions that it is given to compare as expressions do."""

from datetime import datetime
from decimal import Decimal, InvalidOperation

from trinario.model.value import Value
from trinario.store.segment_dialects import compares
from trinario.store.segment_probe import FALSE, NULL, SIGNS, TRUE, Against, Piece, Sql, both, json_number, micros, put

SQLITE_NUMBER = 'IFNULL(CAST(json_extract(fields, \'$."{0}"."$n"\') AS REAL), json_extract(fields, \'$."{0}"\'))'
"""A number as a float or a whole number; what an index of it holds."""

_LOOSE = {"eq": "=", "lt": "<=", "lteq": "<=", "gt": ">=", "gteq": ">="}


class Sqlite:
    """JSON functions over a text column; what they cannot compare exactly goes through two small functions of ours."""

    def value(self, given: Value, kind: str) -> Sql:
        return Sql("?", (given,))

    def _raw(self, name: str, tag: str = "") -> Sql:
        return Sql(f"json_extract(c.fields, '$.\"{name}\"{tag}')")

    def _type(self, name: str) -> Sql:
        return Sql(f"json_type(c.fields, '$.\"{name}\"')")

    def field_kinds(self, name: str) -> dict[str, tuple[Piece, ...]]:
        raw, kind = self._raw(name), self._type(name)
        moment = {key: self._raw(name, f'."${tag}"') for key, tag in
                  (("long", "n"), ("datetime", "t"), ("date", "d"), ("time", "h"), ("duration", "s"))}  # fmt: skip
        there = {key: put("{} IS NOT NULL", one) for key, one in moment.items()}
        text = put("{} = 'text'", kind)
        return {
            "text": (Piece(text, compares(raw, lambda v: Sql("?", (v,))), raw),),
            "number": (Piece(put("({} IN ('integer', 'real') OR {})", kind, there["long"]), self._number(name)),),
            "yes_no": (Piece(put("{} IN ('true', 'false')", kind), compares(raw, lambda v: Sql("?", (int(v),)))),),
            "date": (Piece(there["date"], compares(moment["date"], _iso), moment["date"]),),
            "time": (Piece(there["time"], compares(moment["time"], _iso), moment["time"]),),
            "datetime": (Piece(there["datetime"], _sqlite_moment(moment["datetime"]), moment["datetime"]),),
            "duration": (Piece(there["duration"], compares(moment["duration"], _seconds)),),
        }

    def _number(self, name: str) -> Against:
        """First by what an index may hold, rounded; then exactly, for those with more digits than a float has."""
        raw, long, kind = self._raw(name), self._raw(name, '."$n"'), self._type(name)
        rounded = Sql(SQLITE_NUMBER.format(name))

        def against(sign: str, value: Value) -> Sql:
            number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
            near = put(f"{{}} {_LOOSE[sign]} {{}}", rounded, Sql("?", (float(number),)))
            exact = "CASE {} WHEN 'object' THEN {} ELSE {} END"
            return both(near, put(exact, kind, _long_number(long)(sign, number), _sqlite_number(raw)(sign, number)))

        return against

    def field_none(self, name: str) -> Sql:
        return put("{} = 'null'", self._type(name))

    def field_missing(self, name: str) -> Sql:
        return put("{} IS NULL", self._type(name))

    def field_truth(self, name: str) -> Sql:
        kind, raw, span = self._type(name), self._raw(name), self._raw(name, '."$s"')
        return put(
            "CASE {} WHEN 'true' THEN TRUE WHEN 'text' THEN {} <> '' WHEN 'integer' THEN {} <> 0 WHEN 'real' THEN {} <> 0"
            " WHEN 'array' THEN {} <> '[]' WHEN 'object' THEN {} <> '{{}}' AND COALESCE({} <> 0, TRUE) ELSE FALSE END",
            kind, raw, raw, raw, raw, raw, span,
        )  # fmt: skip

    def field_empty(self, name: str) -> Sql:
        kind, raw = self._type(name), self._raw(name)
        return put("({} IN ('text', 'array', 'object') AND {} IN ('', '[]', '{{}}') AND ({} <> 'text' OR {} = ''))",
                   kind, raw, kind, raw)  # fmt: skip

    def field_items(self, name: str, item: Value) -> Sql | None:
        match item:
            case bool():
                asked = Sql("e.type = ?", ("true" if item else "false",))
            case str():
                asked = Sql("e.type = 'text' AND e.value = ?", (item,))
            case int() | Decimal():
                asked = put("e.type IN ('integer', 'real') AND {}", _sqlite_number(Sql("e.value"))("eq", item))
            case _:
                return None
        return put(f"EXISTS (SELECT 1 FROM json_each(c.fields, '$.\"{name}\"') e WHERE {{}})", asked)

    def field_group(self, name: str) -> Sql:
        return put("{} = 'object'", self._type(name))

    def field_list(self, name: str) -> Sql:
        return put("{} = 'array'", self._type(name))

    def text(self, column: str) -> Sql:
        return Sql(column)

    def lower(self, text: Sql) -> Sql:
        return put("CASE WHEN length({}) = length(CAST({} AS BLOB)) THEN lower({}) ELSE trinario_lower({}) END",
                   text, text, text, text)  # fmt: skip

    def like_lower(self, text: Sql, value: str) -> Sql:
        return TRUE

    def beyond_lower(self, text: Sql) -> Sql:
        return FALSE

    def within(self, text: Sql, part: str) -> Sql:
        return put("instr({}, {}) > 0", text, Sql("?", (part,))) if part else put("{} IS NOT NULL", text)

    def begins(self, text: Sql, part: str, ends: bool) -> Sql:
        if not part:
            return put("{} IS NOT NULL", text)
        where = f"-{len(part)}" if ends else f"1, {len(part)}"
        return put(f"substr({{}}, {where}) = {{}}", text, Sql("?", (part,)))

    def part(self, text: Sql, start: int, length: int) -> Sql:
        return put(f"CAST(substr({{}}, {start}, {length}) AS INTEGER)", text)

    def flag(self, column: str, key: str) -> Sql:
        return Sql(f"json_extract({column}, ?)", (_path(key),))

    def count(self, column: str, key: str) -> Sql:
        return Sql(f"json_extract({column}, ?)", (_path(key),))

    def tagged(self, tag: str) -> Sql:
        exact = Sql("EXISTS (SELECT 1 FROM json_each(c.tags) e WHERE e.value = ?)", (tag,))
        plain = tag.isascii() and tag.isprintable() and tag and not set(tag) & set('",\\[]')
        if not plain:
            return both(Sql("c.tags <> '[]'"), exact)
        shown = Sql("instr(c.tags, ?) > 0", (f'"{tag}"',))
        # the row of characters is a tag of its own, unless quotation marks stand within tags
        return put("({} AND (instr(c.tags, '\\') = 0 OR {}))", shown, exact)

    def latest(self, marks: str) -> Sql:
        return Sql(
            f"(SELECT substr(e.key, {len(marks) + 1}) FROM json_each(c.marks) e WHERE substr(e.key, 1, {len(marks)}) = '{marks}'"
            " ORDER BY e.value DESC, e.id LIMIT 1)"
        )


def _path(key: str) -> str:
    return f'$."{key}"'


def _iso(value: Value) -> Sql:
    return Sql("?", (value.isoformat(),))


def _seconds(value: Value) -> Sql:
    return Sql("?", (value.total_seconds(),))


def _sqlite_number(raw: Sql) -> Against:
    """Compares as the database does where that is exact: a float stands for the shortest decimal that means it."""

    def against(sign: str, value: Value) -> Sql:
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        whole = number == number.to_integral_value() and abs(number) < 2**53
        if whole or (number.adjusted() < 15 and Decimal(repr(float(number))) == number):
            return put(f"{{}} {SIGNS[sign]} {{}}", raw, Sql("?", (int(number) if whole else float(number),)))
        return _long_number(raw)(sign, number)

    return against


def _long_number(raw: Sql) -> Against:
    return lambda sign, value: put(
        f"trinario_order({{}}, {{}}) {SIGNS[sign]} 0", raw, Sql("?", (str(Decimal(json_number(value))),))
    )


def _sqlite_moment(raw: Sql) -> Against:
    def against(sign: str, value: Value) -> Sql:
        if value.tzinfo is None:
            return FALSE if sign == "eq" else NULL
        return put(f"trinario_micros({{}}) {SIGNS[sign]} {{}}", raw, Sql("?", (micros(value),)))

    return against


def ordered(left: object, right: str) -> int | None:
    """-1, 0 or 1 of two numbers, exactly; None of what is no number."""
    try:
        one = Decimal(repr(left)) if isinstance(left, float) else Decimal(str(left))
        two = Decimal(right)
        return (one > two) - (one < two) if one.is_finite() else None
    except InvalidOperation:
        return None


def microseconds(text: object) -> int | None:
    """Microseconds since 1970 of an ISO 8601 moment; None of one without a zone."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return None if moment.tzinfo is None else micros(moment)


def lowered(text: object) -> str | None:
    """A text in small letters, whatever its script."""
    return text.lower() if isinstance(text, str) else None


FUNCTIONS = (("trinario_order", 2, ordered), ("trinario_micros", 1, microseconds), ("trinario_lower", 1, lowered))
"""Name, number of arguments, function: what a connection to SQLite needs for segments."""
