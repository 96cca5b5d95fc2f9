"""The page of what a segment can ask: every name that `segment_read` knows has its line here, or the page is not made."""

from trinario.campaign.segment import FACTS
from trinario.campaign.segment_read import CALLED, PARTS, TRAITS

TOLD = {
    "id": ("a number", "`contact.id > 1000`"),
    "first_name": ("a text", "`contact.first_name == 'Ana'`"),
    "last_name": ("a text", "`contact.last_name is none`"),
    "name": ("a text, never empty by itself: without names it is `''`", "`(contact.name | lower).startswith('an')`"),
    "language": ("a text; the bot's where she has none", "`contact.language in ['it', 'fr']`"),
    "timezone": ("a text, as it was saved", "`contact.timezone == 'Europe/Rome'`"),
    "created_at": ("a moment", "`contact.created_at > ago('7d')`"),
    "last_seen_at": ("a moment: when she last wrote, wherever", "`contact.last_seen_at < ago('30d')`"),
    "owner": ("`'bot'` or `'person'`", "`contact.owner == 'bot'`"),
    "country": (
        "a country (ISO 3166) that a number of hers tells, the oldest identity first; empty where none does",
        "`contact.country in ['IT', 'FR']`",
    ),
    "preferred_channel": ("a channel's name, or empty", "`contact.preferred_channel == 'whatsapp'`"),
}
FUNCTIONS = {
    "in_flow": ("she stands in this flow now", "`not in_flow('booking')`"),
    "received": (
        "this campaign has reached her turn; with a span, within that time (a day has 24 hours)",
        "`not received('spring')`, `received('spring', '30d')`",
    ),
    "enrolled": ("she is on her way in this sequence", "`enrolled('newsletter')`"),
    "reachable": ("an identity of hers on this channel has not been told to be dead", "`reachable('whatsapp')`"),
    "wants": ("what she allowed on this channel: true, false, or empty", "`wants('marketing', 'whatsapp')`"),
    "window_open": ("we may write freely there now", "`window_open('messenger')`"),
}

TEXT = """# What a segment can ask

A segment is an [expression](expressions.md) that is asked of the database, of everybody at once: in `segment` and `exclude` of
[campaigns and sequences](campaign-files.md), in `trinario contacts count` and `sample`, and in `GET /api/v1/segments/count`. It is
true of the same people of whom the expression itself is true when it is asked of one of them alone, on both databases; a fault
(a text compared with a number by `<`) makes nobody a member, as everywhere.

## Things of hers

| name | what it is | for example |
|---|---|---|
| `fields.x` | a field of bot.yaml, with its default | `fields.city == 'Milano'`, `fields.budget >= 5000` |
{fields}
| `tags` | her tags | `'vip' in tags`, `tags is empty` |
{traits}
| `contact.channels` | where she has an identity | `'whatsapp' in contact.channels` |
| `contact.last_heard.x` | when she last wrote on the channel `x`, or empty | `contact.last_heard.whatsapp > ago('1d')` |
| `channel` | where she last wrote: `.name`, `.platform`, `.window_open` | `channel.platform == 'messenger'` |
| `consent.marketing` | true, false, or empty when she was never asked | `consent.marketing`, `consent.marketing is none` |

Functions, whose names are in quotation marks:

| function | true when | for example |
|---|---|---|
{functions}

{facts} lie beside the contact: they can be asked in campaigns, sequences and counts, not in a trigger.

## Signs

`and`, `or`, `not`, `x if y else z`; `==`, `!=`, `<`, `<=`, `>`, `>=`, also in chains (`18 <= fields.age < 65`); `in` and `not in` a
list that is written out or of `globals`; `'abc' in fields.note` and `'a' in fields.list`; `.startswith('x')`, `.endswith('x')`;
`| lower` and `.lower()`; `| default(x)` and `x or y`; `is none`, `is empty`, `is true`, `is false`.

Against her stands a value that is the same for everybody: a literal, `globals`, or something reckoned of `now`, `today`, `ago(...)`
and `duration(...)`: `fields.budget > globals.least * 2`, `fields.born.month == today.month`. Days are those of her own calendar.

What cannot be asked is refused by `trinario check` (T175) and by the command, at its place: two things of hers against each other,
arithmetic with something of hers (reckon on the other side), other filters and methods, names of a conversation (`answers`, `vars`).

## How it is asked

Letters, numbers and moments are compared as the expression does, not as the database would by itself: case and accents count,
`0.1` is exact, moments are held against each other whatever their zone. Values are always bound, never part of the statement.
Two things a database cannot always say: small letters of rarer scripts, and where the clock of each person decides (`ago('30d')` is another
moment in another zone when clocks change in between). Whoever that concerns is looked at one by one, with the expression itself.

A field with `index: true` in bot.yaml has an index, made when the bot starts (and dropped when it is not declared any more; while it
is made on PostgreSQL, contacts cannot be written). Texts, numbers, dates, yes or no, and on PostgreSQL lists can have one. A `not`
around it, and `| lower`, look through everybody. `trinario doctor` names fields that segments read without one, from {many} contacts on.
"""


def segments() -> list[str]:
    """The lines of the page."""
    assert set(TOLD) == set(TRAITS), "every name has its line"
    assert set(FUNCTIONS) == set(CALLED), "every function has its line"
    parts = ", ".join(f"`.{part}`" for part in PARTS)
    return TEXT.format(
        fields=f"| `fields.x.month` ... | of a date, or a date with time: {parts} | `fields.born.month == today.month` |",
        traits="\n".join(f"| `contact.{name}` | {what} | {like} |" for name, (what, like) in TOLD.items()),
        functions="\n".join(f"| `{name}(...)` | {what} | {like} |" for name, (what, like) in FUNCTIONS.items()),
        facts=", ".join(f"`{fact}`" for fact in FACTS),
        many="50,000",
    ).splitlines()
