"""Thirty bugs: what an author did, in which flow, and the text before and after."""

from typing import NamedTuple


class Bug(NamedTuple):
    """`file` is a flow, "bot" or "italian"; `old` stands in it once."""

    name: str
    file: str
    old: str
    new: str


BUGS = (
    Bug("a `next` to a step that is gone", "order", "next: right", "next: rihgt"),
    Bug("the last question leads back to an earlier one", "order", "on_no: round\n    timeout: 2h\n    on_timeout: thanks\n"
        "    next: thanks", "on_no: round\n    timeout: 2h\n    next: right"),
    Bug("a message that leads to itself", "order", "written:\n    send: \"We write: {{ answers.letters }}\"\n    next: code",
        "written:\n    send: \"We write: {{ answers.letters }}\"\n    next: written"),
    Bug("the target of a time-out is deleted", "delivery", "  words:\n    ask: In words, then. What does it look like?\n"
        "    timeout: 1h\n    on_timeout: bye\n", ""),
    Bug("a branch without its else", "order", "\n      - {else: code}", ""),
    Bug("a condition the wrong way round", "offer", "if: channel.window_open", "if: not channel.window_open"),
    Bug("the targets of two choices are swapped", "order", "{title: Pizza, next: guests}\n      - {title: Cake, next: letters}",
        "{title: Pizza, next: letters}\n      - {title: Cake, next: guests}"),
    Bug("wrong answers lead to the same question", "delivery", "on_invalid: words\n    timeout: 1h\n    on_timeout: bye",
        "on_invalid: photo"),
    Bug("no tries, and wrong answers lead to the same question", "order", "error: Five digits, please.\n    timeout: 2h\n"
        "    on_timeout: thanks", "error: Five digits, please.\n    retries: 0\n    on_invalid: code"),
    Bug("the confirmation of the stop word is emptied", "bot", "teams:", "patterns: {stop: {text: {en: ' '}}}\nteams:"),
    Bug("a message after three days without its template", "offer", "\n    delivery: {template: {name: last_day}}", ""),
    Bug("a free message far behind an event", "offer", "    if: channel.window_open\n", ""),
    Bug("a field misspelt in a text", "delivery", "fields.city.town or", "fields.citty.town or"),
    Bug("a number that lets a division by zero through", "order", "min: 2\n", "min: 1\n"),
    Bug("a team that is not there", "order", "handoff: sales", "handoff: sails"),
    Bug("an input that is not handed over", "delivery", "\n    with: {country: Italy}", ""),
    Bug("a link that outlives the window", "delivery", "expires: 20h", "expires: 2d"),
    Bug("a translation that loses a value", "italian", 'msgstr "Quale paese in {{ call.country }}?"', 'msgstr "Quale paese?"'),
    Bug("a keyword that another flow has", "offer", "keyword: [offers]", "keyword: [order]"),
    Bug("the least is more than the most", "order", "max: 20", "max: 1"),
    Bug("a pattern that nothing fits", "order", "'^[0-9]{5}$'", "'^[0-9]{5}$[a-z]'"),
    Bug("two choices with one title", "order", "title: Cake,", "title: pizza,"),
    Bug("a title that no button holds", "order", "title: Cake,", "title: The cake of the house with cream,"),
    Bug("nothing is said after the last answer", "order", "next: thanks\n  round", "next: end\n  round"),
    Bug("a counter that does not count", "order", "\"{{ vars.rounds + 1 }}\"", "\"{{ vars.rounds + 0 }}\""),
    Bug("a text with one brace too few", "order", "Hello {{ contact.first_name or 'there' }}!", "Hello { contact.first_name }}!"),
    Bug("a value with no words for when it is missing", "offer", "\"{{ fields.offer or 'Ten percent on everything' }}. STOP ends this.\"",
        "\"{{ fields.offer }}\""),
    Bug("a delivery order without the channel she is on", "order", "  thanks:\n    send: Thank you!",
        "  thanks:\n    send: Thank you!\n    delivery: {order: [whatsapp]}"),
    Bug("a flow that calls itself", "address", "    timeout: 1h\n", "    timeout: 1h\n  more: {call: address, with: {country: Italy}}\n"),
    Bug("a number compared with a text", "order", "answers.guests > 10", "answers.guests > '10'"),
)  # fmt: skip
