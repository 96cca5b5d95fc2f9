"""Every code an issue can have: what `trinario explain CODE` prints, and the rules of a SARIF report.

S: the file as YAML, and the text of single values. T: what a flow says. A new code is one entry of `_ENTRIES`.
"""

from dataclasses import dataclass

from trinario.authoring import codes_campaign, codes_explore, codes_flow


@dataclass(frozen=True, slots=True)
class Code:
    """`title` is one line; `explanation` says why it is a fault; `bad` and `good` the same file before and after."""

    code: str
    title: str
    explanation: str
    bad: str
    good: str


_ENTRIES = (
    Code("S001", "The file is not UTF-8",
         "Files are read as UTF-8, the encoding in which every script and emoji can be written. Another one would turn"
         " accents into other letters.",
         "(a file saved as Latin-1 or UTF-16)", "(the same file, saved as UTF-8)"),
    Code("S002", "A character that may not stand in a file",
         "Control characters such as NUL come in by copying and are invisible in editors. Messages cannot carry them.",
         'send: "Hi\0"', 'send: "Hi"'),
    Code("S003", "The file is too large",
         "A file may have 1 MiB. A flow of a hundred steps has about 20 KiB; flows that belong together can call each"
         " other.",
         "(one file with every flow)", "(one file a flow)"),
    Code("S004", "Nested too deeply",
         "Lists and mappings may be nested 32 deep, aliases expanded. No file of ours needs a third of that.",
         "a: [[[[...]]]]", "a: [...]"),
    Code("S005", "Too many values",
         "A file may have 50,000 values after its aliases are expanded: a few lines of aliases of aliases could"
         " otherwise stand for billions.",
         "b: [*a, *a, *a]\nc: [*b, *b, *b]", "b: [1, 2, 3]"),
    Code("S006", "A key stands twice",
         "YAML would silently keep the last one, and the first would be lost.",
         "next: pay\nnext: thanks", "next: thanks"),
    Code("S007", "A tag",
         "Tags (`!!int`, `!!python/...`) tell YAML what a value is. Here the field decides, and no file may make"
         " objects.",
         'age: !!int "3"', "age: 3"),
    Code("S008", "More than one document",
         "A line of `---` begins another document in the same file, which would not be read.",
         "flow: one\n---\nflow: two", "(two files)"),
    Code("S009", "A tab as indentation",
         "YAML is indented with spaces: how wide a tab is depends on the editor.",
         "steps:\n\thello:", "steps:\n  hello:"),
    Code("S010", "A merge key",
         "`<<` copies keys from elsewhere, so that a reader no longer sees what a step has. Whole values may be"
         " repeated with an anchor and an alias.",
         "two:\n  <<: *one\n  send: Hi", "two:\n  delivery: *delivery\n  send: Hi"),
    Code("S011", "A YAML directive",
         "A line that begins with `%` speaks to the YAML parser. There is nothing to tell it.",
         "%YAML 1.1\n---\nflow: hello", "flow: hello"),
    Code("S012", "The file is empty",
         "Nothing stands in the file, or only remarks.",
         "# to do", "flow: hello\nsteps:\n  greet: {send: Hi}"),
    Code("S013", "A text that begins with a sign of YAML's own",
         "`*`, `&`, `!`, `%`, `@`, a backtick, `|`, `>` and brackets mean something to YAML when a text begins with"
         " them; so do the braces of `{{ }}`.",
         "send: {{ contact.first_name }}, hello\nsend: *Sale*",
         'send: "{{ contact.first_name }}, hello"\nsend: "*Sale*"'),
    Code("S014", "A colon and a space within a text",
         "`: ` separates a key from its value; in a text it must stand between quotation marks.",
         "send: Our hours: 9 to 5", 'send: "Our hours: 9 to 5"'),
    Code("S015", "Not YAML",
         "The file cannot be read as keys and values: a colon, a bracket or the indentation is not right.",
         "steps:\n  hello:\n    send: Hi\n   bye:", "steps:\n  hello:\n    send: Hi\n  bye:"),
    Code("S016", "Quotation marks that do not fit",
         "A quoted text ends at the next mark of the same kind and nothing may follow it. Between double marks a"
         " backslash has a meaning; between single ones it has none.",
         'send: "Hi" she said\npattern: "\\d+"', "send: '\"Hi\" she said'\npattern: '\\d+'"),
    Code("S017", "A key that is no plain text",
         "A key is a word before a colon, not a list or a mapping.",
         "? [a, b]\n: c", "a: c\nb: c"),
    Code("S020", "A text cut by a remark",
         "After a space, `#` begins a remark, and the rest of the line is not part of the text. A remark with a space"
         " after the `#` is taken as meant.",
         "send: Take part with #spring", 'send: "Take part with #spring"'),
    Code("S021", "One number read as two entries",
         "In [ ] a comma separates entries, also within a number.",
         "choices: [€1,000, €5,000]", 'choices: ["€1,000", "€5,000"]'),
    Code("S030", "A text is needed",
         "Here stands a list, a mapping or nothing where one text belongs.",
         "title: [Lead, capture]", "title: Lead capture"),
    Code("S031", "A whole number is needed",
         "Digits only, with a sign if need be: no fraction, no separators, no words.",
         "retries: two", "retries: 2"),
    Code("S032", "A number is needed",
         "Digits with a point before the fraction. Separators of thousands belong into messages, not into files.",
         "min: 1.000,50", "min: 1000.50"),
    Code("S033", "true or false is needed",
         "Only these two words; `yes`, `no`, `on` and `off` are ordinary texts, so that choices can be called so.",
         "double: yes", "double: true"),
    Code("S034", "A duration is needed",
         "A number and a unit: s, m, h, d or w, also several (`1d12h`), or ISO 8601 (`PT15M`). A day is a calendar"
         " day where dates are moved; 24h is always elapsed time. Months have no fixed length.",
         "wait: 2 days", "wait: 2d"),
    Code("S035", "A time of day is needed",
         "Hours and minutes of 24 hours: HH:MM.",
         "at: 9 pm", "at: 21:00"),
    Code("S036", "Two times of day are needed",
         "From and to, joined by a hyphen. The second may be earlier: then the range goes over midnight.",
         "between: 9 to 20", 'between: "09:00-20:00"'),
    Code("S037", "A date is needed",
         "Year, month and day, in this order and with hyphens, so that 03/04 cannot be two days.",
         "date: 3/4/2026", "date: 2026-04-03"),
    Code("S038", "A date with its time is needed",
         "A date, then the time, with or without an offset from UTC.",
         "at: 1 December, 10 am", "at: 2026-12-01 10:00"),
    Code("S039", "A percentage is needed",
         "A number from 0 to 100, with or without the sign.",
         "holdout: 0,1", "holdout: 10%"),
    Code("S040", "A name is needed",
         "Names of flows, steps and fields begin with a small letter and go on with small letters, digits and `_`:"
         " they stand in expressions and in addresses.",
         "flow: Lead-Capture", "flow: lead_capture"),
    Code("S041", "A web address is needed",
         "It begins with https:// (or http://) and has a host. A space or an accent in it must be percent-encoded.",
         "url: luckygarden.example", "url: https://luckygarden.example"),
    Code("S042", "A language is needed",
         "Two or three letters of ISO 639, with a script and a region if need be.",
         "locale: italian", "locale: it"),
    Code("S043", "A time zone is needed",
         "A name of the time zone database: a region and a city. Abbreviations such as CET do not tell when clocks"
         " change.",
         "timezone: CET", "timezone: Europe/Rome"),
    Code("T012", "A step that is not there",
         "`next`, an exit or a choice leads to a name that no step of this flow has. `end` ends the flow.",
         "steps:\n  pay: {send: Thanks, next: recept}\n  receipt: {send: Here it is}",
         "steps:\n  pay: {send: Thanks, next: receipt}\n  receipt: {send: Here it is}"),
    Code("T204", "A message that may come when the window is shut",
         "Platforms let a business write freely only for some time after the person last wrote. On the path that is"
         " shown, more time can pass; the message would be refused.",
         "steps:\n  pause: {wait: 26h}\n  nudge: {send: Still there?}",
         "steps:\n  pause: {wait: 26h}\n  nudge:\n    send: Still there?\n    delivery: {template: {name: still}}"),
)  # fmt: skip

_ALL = sorted(
    (*_ENTRIES, *(Code(*entry) for entry in (*codes_flow.ENTRIES, *codes_campaign.ENTRIES, *codes_explore.ENTRIES))),
    key=lambda entry: entry.code,
)

CODES: dict[str, Code] = {entry.code: entry for entry in _ALL}


def explained(code: str) -> str | None:
    """What `trinario explain` prints; None for a code that does not exist."""
    entry = CODES.get(code.upper())
    if entry is None:
        return None
    bad, good = (text.replace("\n", "\n    ") for text in (entry.bad, entry.good))
    return f"{entry.code} {entry.title}\n\n{entry.explanation}\n\nnot so:\n\n    {bad}\n\nbut so:\n\n    {good}\n"
