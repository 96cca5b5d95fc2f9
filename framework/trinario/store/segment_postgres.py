"""How PostgreSQL reaches into a contact's JSON, and what it needs to compare as expressions do."""

from decimal import Decimal

from trinario import jsons
from trinario.model.value import Value
from trinario.store.segment_dialects import compares
from trinario.store.segment_probe import FALSE, NULL, SIGNS, Against, Piece, Sql, json_number, put

POSTGRES_NUMBER = (
    "(CASE jsonb_typeof(fields -> '{0}') WHEN 'number' THEN (fields ->> '{0}')::numeric"
    " WHEN 'object' THEN (fields -> '{0}' ->> '$n')::numeric END)"
)
"""A number, exactly; what an index of it holds."""

_KNOWN = range(0x80, 0x530)
"""Latin, Greek and Cyrillic, whose letters PostgreSQL is told one by one: its own idea of small letters differs by locale."""

_GREAT = "".join(chr(n) for n in _KNOWN if chr(n).lower() != chr(n) and len(chr(n).lower()) == 1 and chr(n) != "\u03a3")
_SMALL = "".join(char.lower() for char in _GREAT)
_STRANGE = "[\u0130\u03a3\u0530-\U0010ffff]"
"""What is left: a letter that becomes two, the sigma that depends on its place, and all other scripts."""


class Postgres:
    """JSONB: numbers are exact there; texts are ordered by the collation "C", which is that of their characters."""

    def value(self, given: Value, kind: str) -> Sql:
        return Sql({"text": "?::text", "whole": "?::bigint"}[kind], (given,))

    def _raw(self, name: str) -> Sql:
        return Sql(f"(c.fields -> '{name}')")

    def _tag(self, name: str, tag: str) -> Sql:
        return Sql(f"(c.fields -> '{name}' ->> '${tag}') COLLATE \"C\"")

    def _is(self, name: str, kind: str) -> Sql:
        return Sql(f"jsonb_typeof(c.fields -> '{name}') = '{kind}'")

    def field_kinds(self, name: str) -> dict[str, tuple[Piece, ...]]:
        raw, text = self._raw(name), Sql(f"(c.fields ->> '{name}') COLLATE \"C\"")
        day, hour, when = self._tag(name, "d"), self._tag(name, "h"), self._tag(name, "t")
        span, number = Sql(f"(c.fields -> '{name}' ->> '$s')"), Sql(POSTGRES_NUMBER.format(name))
        there = "{} IS NOT NULL"
        return {
            "text": (Piece(self._is(name, "string"), compares(text, _text), text),),
            "number": (Piece(put("{} IS NOT NULL", number), compares(number, _numeric)),),
            "yes_no": (Piece(self._is(name, "boolean"), compares(raw, lambda v: Sql("?::jsonb", ("true" if v else "false",)))),),
            "date": (Piece(put(there, day), compares(day, lambda v: _text(v.isoformat())), day),),
            "time": (Piece(put(there, hour), compares(hour, lambda v: _text(v.isoformat())), hour),),
            "datetime": (Piece(put(there, when), _postgres_moment(when), when),),
            "duration": (Piece(put(there, span), compares(put("{}::numeric", span), lambda v: _numeric(v.total_seconds()))),),
        }  # fmt: skip

    def field_none(self, name: str) -> Sql:
        return self._is(name, "null")

    def field_missing(self, name: str) -> Sql:
        return put("{} IS NULL", self._raw(name))

    def field_truth(self, name: str) -> Sql:
        return put(
            "COALESCE({} NOT IN ('false', 'null', '0', '\"\"', '[]', '{{}}', '{{\"$s\": 0}}'), FALSE)", self._raw(name)
        )

    def field_empty(self, name: str) -> Sql:
        return put("{} IN ('\"\"', '[]', '{{}}')", self._raw(name))

    def field_items(self, name: str, item: Value) -> Sql | None:
        match item:
            case bool():
                asked = "[true]" if item else "[false]"
            case str():
                asked = jsons.dumps([item])
            case int() | Decimal():
                asked = f"[{json_number(item)}]"
            case _:
                return None
        return put("({} AND {} @> {})", self.field_list(name), self._raw(name), Sql("?::jsonb", (asked,)))

    def field_group(self, name: str) -> Sql:
        return self._is(name, "object")

    def field_list(self, name: str) -> Sql:
        return self._is(name, "array")

    def text(self, column: str) -> Sql:
        return Sql(f'{column} COLLATE "C"')

    def lower(self, text: Sql) -> Sql:
        made = put("translate(lower({}), {}, {})", text, _text(_GREAT), _text(_SMALL))
        return put("CASE WHEN octet_length({}) = length({}) THEN lower({}) ELSE {} END", text, text, text, made)

    def like_lower(self, text: Sql, value: str) -> Sql:
        return put(f"length({{}}) = {len(value)}", text)

    def beyond_lower(self, text: Sql) -> Sql:
        return put("(octet_length({}) <> length({}) AND {} ~ {})", text, text, text, _text(_STRANGE))

    def within(self, text: Sql, part: str) -> Sql:
        return put("strpos({}, {}) > 0", text, _text(part))

    def begins(self, text: Sql, part: str, ends: bool) -> Sql:
        side = "right" if ends else "left"
        return put(f"{side}({{}}, {len(part)}) = {{}}", text, _text(part))

    def part(self, text: Sql, start: int, length: int) -> Sql:
        return put(f"CAST(substr({{}}, {start}, {length}) AS integer)", text)

    def flag(self, column: str, key: str) -> Sql:
        return Sql(f"({column} ->> ?::text)::boolean", (key,))

    def count(self, column: str, key: str) -> Sql:
        return Sql(f"({column} ->> ?::text)::bigint", (key,))

    def tagged(self, tag: str) -> Sql:
        return Sql("c.tags @> ?::jsonb", (jsons.dumps([tag]),))

    def latest(self, marks: str) -> Sql:
        return Sql(
            f"(SELECT substr(e.key, {len(marks) + 1}) FROM jsonb_each_text(c.marks) WITH ORDINALITY AS e(key, value, n)"
            f" WHERE starts_with(e.key, '{marks}') ORDER BY e.value::bigint DESC, e.n LIMIT 1)"
        )


def _text(value: Value) -> Sql:
    return Sql("?::text", (value,))


def _numeric(value: Value) -> Sql:
    return Sql("?::text::numeric", (json_number(value),))


def _postgres_moment(raw: Sql) -> Against:
    def against(sign: str, value: Value) -> Sql:
        if value.tzinfo is None:
            return FALSE if sign == "eq" else NULL
        return put(
            f"CASE WHEN {{}} ~ '[-+][0-9][0-9]:[0-9][0-9]$' THEN ({{}})::timestamptz {SIGNS[sign]} {{}} END",
            raw, raw, Sql("?::text::timestamptz", (value.isoformat(),)),
        )  # fmt: skip

    return against
