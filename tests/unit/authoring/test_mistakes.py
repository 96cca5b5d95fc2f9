"""Typical mistakes: each gives one issue, at the very place, with words that mend it."""

from pathlib import Path

import pytest

from trinario.authoring.check import check_bot
from trinario.authoring.issue import Issue
from trinario.authoring.parse import parse_flow
from trinario.authoring.parse_bot import parse_bot
from trinario.authoring.project import Project
from trinario.channels.instagram.limits import LIMITS as INSTAGRAM
from trinario.channels.messenger.limits import LIMITS as MESSENGER
from trinario.channels.whatsapp.limits import LIMITS as WHATSAPP

LIMITS = {"whatsapp": WHATSAPP, "messenger": MESSENGER, "instagram": INSTAGRAM}

BOT = """\
bot: shop
locale: en
channels:
  whatsapp: {platform: whatsapp, phone_number_id: "1", phone: "+15550783881", access_token: a, app_secret: b, verify_token: c}
  page: {platform: messenger, page_id: "2", page_name: shop, access_token: a, app_secret: b, verify_token: c}
flows: ["*"]
fields: {interest: {type: text}, budget: {type: number}}
globals: {catalogue: "https://shop.example"}
teams: {sales: {notify: [mailto:sales@shop.example]}}
events: {order.paid: {cart_id: text}}
http: {allow: [cal.example]}
secrets: {cal_token: x}
ai: {url: "https://llm.example/v1", model: small-1}
"""

OTHER = """\
flow: booking
inputs: {service: {type: text}}
triggers: [{keyword: [book]}, {referral: fair}]
steps:
  done: {send: Booked}
"""


def issues_of(flow: str, bot: str = BOT) -> list[Issue]:
    """Everything that check says of one flow beside another one, in one bot."""
    parsed, other = parse_flow(flow.encode(), "flows/a.yaml"), parse_flow(OTHER.encode(), "flows/booking.yaml")
    read = parse_bot(bot.encode(), "bots/shop/bot.yaml", {})
    flows = {other.name: other, parsed.name or parsed.file: parsed}
    project = Project(Path(), flows, {"shop": read}, (*parsed.issues, *other.issues, *read.issues))
    return list(check_bot(project, LIMITS))


def marked(text: str) -> tuple[str, int, int, int]:
    """The text without its one mark «...», and line, column and end column of what was in it."""
    before, _, rest = text.partition("«")
    inside, _, after = rest.partition("»")
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return before + inside + after, line, column, column + len(inside.split("\n")[0])


HEAD = "flow: a\nsteps:\n"

FLOWS = [
    ("flow: a\n«triggerz»: []\nsteps: {hi: {send: Hi}}\n", "T011", 'no key "triggerz"', 'did you mean "triggers"?'),
    ("flow: a\ntriggers:\n  - «keywrd»: [a]\nsteps: {hi: {send: Hi}}\n", "T016", '"keywrd"', '"keyword"'),
    ("flow: a\ntriggers: [«mesage»]\nsteps: {hi: {send: Hi}}\n", "T016", '"mesage"', '"message"'),
    ("flow: a\ntriggers: [{comment: win, kind: «film»}]\nsteps: {c: {comment_reply: Hi}}\n", "T021", "`kind`", "feed"),
    ("flow: a\ntriggers: [comment]\nsteps: {p: {private_reply: Hi, delivery: «{order: [current]}»}}\n", "T015",
     "where she commented", "leave"),
    ("flow: a\ntriggers: [comment]\nsteps: {p: {private_reply: «{image: https://x.example/a, caption: Hi}»}}\n", "T015",
     "is two", "words"),
    ("flow: a\nsteps: {r: {react: «nice»}}\n", "T022", "is no emoji", "react: ❤"),
    ("flow: a\ntriggers: [comment]\nsteps: {c: {comment_reply: {text: A, one_of: «[B, C]»}}}\n", "T015",
     "do not go together", "leave"),
    ("flow: a\ntriggers: [comment]\nsteps: {p: {private_reply: Hi, «on_invalid»: end}}\n", "T011", "on_invalid", "on_"),
    ("flow: a\ntriggers: [{keyword: x, match: «fuzzy»}]\nsteps: {hi: {send: Hi}}\n", "T021", "`match`", "first_word"),
    ("flow: a\ntriggers: [{keyword: [x, «'a('»], match: regex}]\nsteps: {hi: {send: Hi}}\n", "T021", "no regular", "\\"),
    ("flow: a\ntriggers: [{keyword: [«stop»]}]\nsteps: {hi: {send: Hi}}\n", "T116", "stop word", "another word"),
    ("flow: a\ntriggers: [{keyword: [«Book»]}]\nsteps: {hi: {send: Hi}}\n", "T115", "booking", "priority"),
    ("flow: a\ntriggers: [{referral: «fair»}]\nsteps: {hi: {send: Hi}}\n", "T115", "referral", "priority"),
    ("flow: «Lead-Capture»\nsteps: {hi: {send: Hi}}\n", "S040", "is no name", "lead_capture"),
    ("flow: a\npurpose: «advertising»\nsteps: {hi: {send: Hi}}\n", "T021", "`purpose`", "marketing"),
    ("flow: a\nexpires: «3 days»\nsteps: {hi: {send: Hi}}\n", "S034", "no duration", "3d"),
    ("flow: a\nhandlers: {«invalidd»: hi}\nsteps: {hi: {send: Hi}}\n", "T011", '`handlers` has no key "invalidd"', '"invalid"'),
    ("flow: a\nhandlers: {invalid: «helo»}\nsteps: {hello: {send: Hi}}\n", "T012", 'handler "invalid"', '"hello"'),
    (HEAD + "  hi: {«sned»: Hi}\n", "T016", '"sned"', '"send"'),
    (HEAD + "  hi: {send: Hi, «goto»: end}\n", "T011", "`goto`", "`next`"),
    (HEAD + "  hi: {send: Hi, next: «tanks»}\n  thanks: {send: x}\n", "T012", 'step "hi" goes to "tanks"', '"thanks"'),
    (HEAD + "  hi: {send: Hi, «ask»: A?}\n", "T016", "one thing only", "2 steps"),
    (HEAD + "  hi: «Hello!»\n", "T020", "a step is expected", "send: Hello!"),
    (HEAD + "  hi: {«next»: end}\n", "T016", "has to say what it does", "send"),
    (HEAD + "  hi: {http: «https://x.example/a»}\n", "T050", "with which method", "GET https://"),
    (HEAD + "  hi: {http: «post https://x.example/a»}\n", "T050", "with which method", "write POST"),
    (HEAD + "  hi: {http: «POST https://x.example/a»}\n", "T050", '"x.example" is not allowed', "http: {allow: [x.example]}"),
    (HEAD + "  hi: {http: «GET http://x.example/a»}\n", "T050", "only https", "https://x.example/a"),
    (HEAD + "  hi: {function: «check_vat»}\n", "T052", "no functions.py", "def check_vat"),
    (HEAD + "  hi: «{ai: classify, labels: {a: end, b: end}}»\n", "T014", "needs `fallback`", "fallback: menu"),
    (HEAD + "  «end»: {send: Hi}\n", "T021", "`end`", "rename"),
    (HEAD + "  hi:\n    send:«»\n", "T022", "there is nothing", "behind the colon"),
    (HEAD + "  hi: {send: {«txt»: Hi}}\n", "T011", '"txt"', '"text"'),
    (HEAD + '  hi: {send: {text: Hi, image: «"https://x.example/a.jpg"»}}\n', "T015", "one message", "caption"),
    (HEAD + "  hi: {send: {image: «http://x.example/a.jpg»}}\n", "T021", "https://", "https://x.example/a.jpg"),
    (HEAD + "  hi: {send: {text: Hi, links: [«{title: Shop}»]}}\n", "T014", "needs `url`", "url: https://"),
    (HEAD + '  hi: {send: "Hi {{ contact.«fist_name» }}"}\n', "T031", "has no `fist_name`", "`first_name`"),
    (HEAD + '  hi: {send: "Hi {{ «contat».name }}"}\n', "T031", "`contat`", "`contact`"),
    (HEAD + '  hi: {send: "Hi {{ fields.«intrest» }}"}\n', "T031", "`intrest`", "`interest`"),
    (HEAD + '  hi: {send: "Hi {{ fields.«city» }}"}\n', "T031", "`city`", "declare it in bot.yaml"),
    (HEAD + '  hi: {send: "Hi {{ vars.«tries» }}"}\n', "T031", "`tries`", "vars: {tries: ...}"),
    (HEAD + '  hi: {send: "Hi {{ globals.«catalog» }}"}\n', "T031", "`catalog`", "`catalogue`"),
    (HEAD + '  hi: {send: "{{ 5 | «rund» }}"}\n', "T030", "no filter", "`round`"),
    (HEAD + "  hi: {send: Hi, if: answers.hi «=» 3}\n", "T030", "one `=`", "`==`"),
    (HEAD + '  hi: {send: Hi, if: "«{{» fields.budget }}"}\n', "T030", "braces", "without braces"),
    (HEAD + "  hi: {ask: A?, choices: [Red, «red»]}\n", "T113", "two choices", "of its own"),
    (HEAD + "  hi: {ask: A?, choices: [Red], type: «text»}\n", "T015", "`choices`", "leave `type` out"),
    (HEAD + "  hi: {ask: A?, type: «nummer»}\n", "T021", '"nummer"', '"number"'),
    (HEAD + "  hi: {ask: A?, type: «otp», template: t}\n", "T014", "needs `phone`", "answers.number"),
    (HEAD + "  hi: {ask: A?, type: «choice»}\n", "T014", "needs `choices`", "choices: ["),
    (HEAD + "  hi: {ask: A?, type: number, min: «9», max: 3}\n", "T015", "at least 9", "swap"),
    (HEAD + '  hi: {ask: A?, type: number, min: «"1,000"»}\n', "S032", "no number", "1000"),
    (HEAD + "  hi: {ask: A?, pattern: «\"[0-9\"»}\n", "T021", "regular expression", "stands for itself"),
    (HEAD + "  hi: {ask: A?, timeout: «2 hours»}\n", "S034", "no duration", "write 2h"),
    (HEAD + "  hi: {ask: A?, «on_tiemout»: end}\n", "T011", "on_tiemout", '"on_timeout"'),
    (HEAD + "  hi: {ask: A?, on_timeout: «end»}\n", "T014", "needs a `timeout`", "timeout: 2h"),
    (HEAD + "  hi: {ask: A?, on_yes: «end»}\n", "T015", "yes_no", "type: yes_no"),
    (HEAD + "  hi: {ask: A?, skip_if_known: «yes», save: fields.interest}\n", "S033", "neither", "write true"),
    (HEAD + "  hi: {ask: A?, skip_if_known: «true»}\n", "T014", "where to look", "save:"),
    (HEAD + "  hi: {ask: A?, save: «interest»}\n", "T021", "cannot be written to", "fields.interest"),
    (HEAD + "  hi: {ask: A?, save: «fields.intrest»}\n", "T043", '"intrest"', '"interest"'),
    (HEAD + "  hi: {ask: A?, save: «vars.x»}\n", "T043", '"x" is no variable', "vars: {x: ...}"),
    (HEAD + "  hi: {ask: A?, choices: [A very long title that nobody can read, B]}\n".replace(
        "A very long title that nobody can read", "«A very long title that nobody can read»"), "T110", "38", "20 at most"),
    (HEAD + "  hi: {ask: A?, choices: [Yes, «Stop»]}\n", "T114", "stop word", "something else"),
    (HEAD + "  hi:\n    branch:\n      - «if: answers.hi == 1»\n        next: end\n", "T104", "everything else", "- else:"),
    (HEAD + "  hi:\n    branch:\n      - else: «ed»\n", "T012", '"ed"', '"end"'),
    (HEAD + "  hi: {wait: «tomorow»}\n", "S034", "no duration", "2h"),
    (HEAD + "  hi: {wait: 1d, between: «9 to 5»}\n", "S036", "range", "09:00-20:00"),
    (HEAD + "  hi: {wait: 1d, zone: «Europe/Roma»}\n", "S043", "no time zone", "Europe/Rome"),
    (HEAD + "  hi: {call: «bookin»}\n", "T040", 'no flow "bookin"', '"booking"'),
    (HEAD + "  hi: {call: booking, with: {«servce»: x}}\n", "T045", '"servce"', '"service"'),
    (HEAD + "  hi: {handoff: «salse»}\n", "T041", '"salse"', '"sales"'),
    (HEAD + "  hi: {switch_channel: «watsapp»}\n", "T042", '"watsapp"', '"whatsapp"'),
    (HEAD + "  hi: {start: booking, next: «end»}\n", "T015", "does not come back", "`call`"),
    (HEAD + "  hi: {tag: x, «on_failed»: end}\n", "T011", "no exit `failed`", "none"),
    (HEAD + "  hi: {send: Hi, «choices»: [A, B]}\n", "T011", "`choices` does not go with `send`", "`ask`"),
    (HEAD + "  «hi»: {send: Hi, next: hi}\n", "T103", "hi -> hi", "`ask` or a `wait`"),
    (HEAD + "  «hi»: {wait: 1d, next: hi}\n", "T102", "can never end", "`end`"),
    (HEAD + "  hi: {send: Hi, next: end}\n  «lost»: {send: x}\n", "T101", "never reached", "next: lost"),
    (HEAD + "  hi: {branch: [{if: fields.budget, next: c}, {else: b}]}\n  «b»: {send: B}\n  c: {send: C}\n", "T105",
     'goes on into "c"', "next: c"),
    ("flow: a\nsteps:\n  «- send: Hi»\n  - ask: Name?\n", "T020", "no dashes", "hello:"),
    (HEAD + "  hi: {ask: A?, choices: «[»Red, Blue}\n", "S015", "never closed", "[Red, Blue]}"),
    (HEAD + "  hi: {send: Hi}«}»\n", "S015", "one too many", "leave it out"),
    (HEAD + "  hi:\n    ask: A?\n    choices: [Red, Blue]«]»\n", "S015", "one too many", "leave it out"),
    (HEAD + "  hi: {ask: A?, choices: [Red]}\n  bye: {send: x, if: answers.hi == «Red»}\n", "T031", "`Red`", "'Red'"),
    (HEAD + "  hi: {ask: A?, choices: [Red, Blue]}\n  bye: {send: x, if: answers.hi == «'red'»}\n", "T126", "no choice", "'Red'"),
    (HEAD + "  hi: {ask: A?, choices: [Red, Blue]}\n  bye: {send: x, if: \"answers.hi in ['Red', «'blau'»]\"}\n", "T126", "no choice", "'Blue'"),
    (HEAD + "  hi: {ask: A?, type: number}\n  b: {send: x, if: answers.hi == «null»}\n", "T031", "`null`", "`none`"),
    (HEAD + "  hi: {ask: A?, type: yes_no}\n  b: {send: x, if: answers.hi == «TRUE»}\n", "T031", "`TRUE`", "`true`"),
    (HEAD + "  hi: {ask: A?, type: number}\n  b: {send: x, if: answers.hi > 1 «&»& true}\n", "T030", "`&`", "`and`"),
    (HEAD + "  hi: {ask: A?, type: number}\n  b: {send: x, if: \"«!»answers.hi\"}\n", "T030", "`!`", "`not`"),
    (HEAD + "  hi: {ask: A?, type: date, min: «2026-1-5»}\n", "S037", "no date", "2026-01-05"),
    (HEAD + "  hi: {ask: A?, type: date, min: «05/01/2026»}\n", "S037", "no date", "2026-12-01"),
    (HEAD + "  hi:\n    send: Hello«:» there\n", "S014", "colon", 'send: "Hello: there"'),
    (HEAD + "  hi:\n«\t»send: Hello\n", "S009", "tab", "spaces"),
    (HEAD + "  hi:\n    ask: A?\n    choices:\n      «Red»\n", "T020", "list of choices", "`- `"),
    (HEAD + "  hi:\n    ask: A?\n    choices:\n      - Red\n      «Blue»\n", "S015", "missing its `-`", "- Blue"),
    (HEAD + "  hi:\n    ask: A?\n    choices:\n    - Red\n     «- Blue»\n", "S015", "goes on with the text above", "indent"),
    (HEAD + "  hi:\n    ask: A?\n    choices:\n      - title: Red\n        value: red\n       «next: end»\n", "S015",
     "not indented like the others", "8 spaces"),
    (HEAD + "  hi:\n    ask: A?\n    choices:\n      - title: Red\n      «value: red»\n", "S015",
     "not indented like the others", "8 spaces"),
    (HEAD + '  hi: {send: "Hi «{contact.first_name}»"}\n', "T032", "single braces", "{{ contact.first_name }}"),
    (HEAD + '  hi: {send: "Hi «${contact.first_name}»"}\n', "T032", "single braces", "{{ contact.first_name }}"),
    ("«title: x\nsteps: {hi: {send: Hi}}»\n", "T014", "needs `flow`", "flow: lead_capture"),
    (HEAD + "  hi: {http: POST https://cal.example/x, retries: «2», on_failed: end}\n", "T014", "not tried again", "idempotency_key: true"),
    (HEAD + "  hi: {http: POST https://cal.example/x, idempotency_key: «yes», on_failed: end}\n", "T021", "same for everybody", "write true"),
    (HEAD + "  hi: {http: GET https://cal.example/x, json: «{a: 1}», on_failed: end}\n", "T015", "sends nothing", "write POST"),
    (HEAD + "  hi: {http: GET https://cal.example/x, timeout: «5m», on_failed: end}\n", "T021", "a second to a minute", "10s"),
    (HEAD + "  hi: {http: GET https://cal.example/x, returns: {id: «string»}, on_failed: end}\n", "T021", "`id`", "write text"),
    (HEAD + "  hi: {http: GET https://cal.example/x, headers: {A: \"{{ secrets.«cal_tken» }}\"}, on_failed: end}\n", "T031",
     "`cal_tken`", "`cal_token`"),
    (HEAD + '  hi: {send: "{{ «secrets».cal_token }}"}\n', "T031", "`secrets`", "`http` steps only"),
    (HEAD + "  hi: {ai: classify, labels: {a: «mneu», b: end}, fallback: end}\n  menu: {send: x}\n", "T012", '"mneu"', '"menu"'),
    (HEAD + "  hi: {ai: «classify», fallback: end}\n", "T014", "needs `labels`", "labels:"),
    (HEAD + "  hi: {ai: classify, labels: [a, b], confidence: «70», fallback: end}\n", "T021", "from 0 to 1", "0.7"),
    (HEAD + "  hi: {split: «{a: 0, b: 0}»}\n", "T021", "all weights are 0", "a: 50"),
    (HEAD + "  hi: {split: {a: «-1», b: 2}}\n", "T021", "not a weight", "whole number"),
    (HEAD + "  hi: {split: {a: «half», b: 2}}\n", "S031", "no whole number", "digits"),
    (HEAD + "  hi: {split: «{a: 100}»}\n", "T022", "there is one", "more"),
    (HEAD + "  hi: {split: [«a», {name: b, weight: 50}]}\n", "T020", "keys with values", "write {name: a, weight: 50}"),
    (HEAD + "  hi: {foreach: «fields.interest», steps: {x: {tag: y}}}\n", "T122", "takes a list", "give it a list"),
    (HEAD + '  hi: {foreach: "«{{» vars.x }}", steps: {x: {tag: y}}}\n', "T030", "braces", "write `vars.x`"),
    (HEAD + "  hi: {foreach: vars.x, «send»: Hi}\n", "T016", "the steps below it", "steps: {each: {send: ...}}"),
    ("flow: a\nvars: {x: [a]}\nsteps:\n  q: {tag: b, next: «in»}\n  hi: {foreach: vars.x, steps: {in: {tag: c}}}\n", "T106",
     "from outside", '"hi" itself'),
    ("flow: a\nvars: {x: [a]}\nsteps:\n  hi: {foreach: vars.x, steps: {in: {tag: \"c\", if: «item» == 'a'}}}\n", "T031",
     "`item`", "`vars.item`"),
    (HEAD + "  hi: {wait_for: «order.payd», timeout: 1h}\n", "T059", "not declared", '"order.paid"'),
    (HEAD + "  hi: {emit: «order.payd»}\n", "T059", "not declared", '"order.paid"'),
    (HEAD + "  hi: {opt_in: «newsletter», wording: Hi?}\n", "T021", "`opt_in`", "write marketing"),
    (HEAD + "  hi: {opt_in: marketing, wording: A?, confirm_wording: «B?»}\n", "T015", "second question", "double: true"),
    ("flow: a\ntriggers: [{schedule: «\"0 10 * *\"», segment: \"'x' in tags\"}]\nsteps: {hi: {tag: x}}\n", "T021", "4 parts", '"0 10 * * 1"'),
    ("flow: a\ntriggers: [{schedule: «\"0 10 31 2 *\"», segment: \"'x' in tags\"}]\nsteps: {hi: {tag: x}}\n", "T021", "never comes", "months"),
    ("flow: a\ntriggers: [«{schedule: \"0 10 * * 1\"}»]\nsteps: {hi: {tag: x}}\n", "T014", "whom it is for", "segment:"),
    ("flow: a\ntriggers: [{date: «fields.interest»}]\nsteps: {hi: {tag: x}}\n", "T122", "this is a text", "datetime"),
    ("flow: a\ntriggers: [{date: fields.«born»}]\nsteps: {hi: {tag: x}}\n", "T031", "`born`", "{born: {type: datetime}}"),
    ("flow: a\ntriggers: [{date: «24.12.2026»}]\nsteps: {hi: {tag: x}}\n", "S037", "no date", "write 2026-12-24"),
    ("flow: a\ntriggers: [{keyword: x, once: {every: «month»}}]\nsteps: {hi: {tag: x}}\n", "S034", "no duration", "3d"),
    ("flow: a\ntriggers: [{keyword: x, once: {per: «user»}}]\nsteps: {hi: {tag: x}}\n", "T031", "`user`", "write contact"),
    ("flow: a\ntriggers: [{keyword: x, hours: «\"25:00-26:00\"»}]\nsteps: {hi: {tag: x}}\n", "S036", "no range", "00 to 23"),
    ("flow: a\ntriggers: [{keyword: x, hours: «9-17»}]\nsteps: {hi: {tag: x}}\n", "S036", "no range", "write 09:00-17:00"),
    ("flow: a\ntriggers: [{event: order.paid}]\nsteps: {hi: {tag: x, if: «event».cart_id}}\n", "T031", "`event`", "`trigger.cart_id`"),
    ("flow: a\nmigrations: [{reask: [«hey»]}]\nsteps: {hi: {tag: x}}\n", "T012", "a migration goes to", "there are hi"),
    ("flow: a\nmigrations: [{rename: {old: «hey»}}]\nsteps: {hi: {tag: x}}\n", "T012", 'stands at "old"', "there is hi"),
    (HEAD + "  hi: {send: {location: {latitude: «141.9», longitude: 12.5}}}\n", "T021", "-90 to 90", "degrees"),
    (HEAD + "  hi: {send: {cards: [«Fern»]}}\n", "T020", "keys with values", "write {title: Fern}"),
    (HEAD + "  hi: {send: {template: «spring»}}\n", "T020", "keys with values", "write {name: spring}"),
    (HEAD + "  hi: {notify: «salse», text: x}\n", "T041", '"salse"', '"sales"'),
    (HEAD + "  hi: {send: Hi, delivery: {persona: «nobody»}}\n", "T041", '"nobody"', "`personas`"),
    (HEAD + "  hi: {notify: «boss@shop.example», text: x}\n", "T021", "no address", "mailto:boss@shop.example"),
    (HEAD + "  hi: {enroll: «newsletter»}\n", "T057", "no sequence", "sequence: newsletter"),
    (HEAD + "  hi: {ticket: «Spring Draw»}\n", "S040", "no name", "spring_draw"),
    ("flow: a\ninputs: {service: {type: text}}\nsteps:\n  hi: {send: \"{{ «inputs».service }}\"}\n", "T031", "`inputs`", "`call.service`"),
    (HEAD + '  hi: {send: "Hi {{ «user».first_name }}"}\n', "T031", "`user`", "`contact.first_name`"),
    (HEAD + '  hi: {send: "Hi {{ «first_name» }}"}\n', "T031", "`first_name`", "`contact.first_name`"),
    (HEAD + "  hi: {send: «Thank you {{ contact.name }}!»}\n", "S013", "must be quoted", 'send: "Thank you {{ contact.name }}!"}'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "message", "hint"), FLOWS, ids=[f"{row[1]}-{row[2]}" for row in FLOWS])
def test_one_mistake_is_one_issue(text: str, code: str, message: str, hint: str) -> None:
    source, line, column, end = marked(text)
    found = issues_of(source)
    assert [(issue.code, issue.line, issue.column) for issue in found] == [(code, line, column)]
    (issue,) = found
    assert message in issue.message and hint in issue.hint, issue
    assert issue.end_column == max(end, column + 1), issue
    assert issue.excerpt == source.split("\n")[line - 1]


BOTS = [
    (BOT.replace("locale: en", "«lokale»: en"), "T011", '"lokale"', '"locale"'),
    (BOT.replace("locale: en", "locale: «english»"), "S042", "no language", "en"),
    (BOT.replace("platform: messenger", "platform: «mesenger»"), "T021", 'no platform "mesenger"', '"messenger"'),
    (BOT.replace('page_id: "2", ', "").replace("{platform: messenger", "«{platform: messenger").replace(
        "page_name: shop, access_token: a, app_secret: b, verify_token: c}", "page_name: shop, access_token: a, "
        "app_secret: b, verify_token: c}»"), "T014", "`page_id`", "page_id:"),
    (BOT.replace('["*"]', '["*", «wellcome»]'), "T040", '"wellcome"', "there are"),
    (BOT + "default_flow: «boking»\n", "T040", '"boking"', '"booking"'),
    (BOT + "patterns: {«stopp»: {words: [x]}}\n", "T011", '`patterns` has no key "stopp"', '"stop"'),
    (BOT + "region: «Italy»\n", "T021", "country code", "IT"),
    (BOT.replace("type: number", "type: «int»"), "T021", "`type`", "number"),
    (BOT + "timezone: «CET»\n", "S043", "no time zone", "Europe/Rome"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "message", "hint"), BOTS, ids=[f"{row[1]}-{row[2]}" for row in BOTS])
def test_one_mistake_in_a_bot_is_one_issue(text: str, code: str, message: str, hint: str) -> None:
    source, line, column, _ = marked(text)
    found = issues_of("flow: a\nsteps: {hi: {send: Hi}}\n", source)
    assert [(issue.code, issue.line, issue.column) for issue in found] == [(code, line, column)]
    assert message in found[0].message and hint in found[0].hint, found[0]


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    text = "flow: a\nsteps:\n  hi: {sned: x}\n  ho: {send: Hi, next: nowhere}\n  hu: {ask: A?, timeout: soon}\n"
    assert [issue.code for issue in issues_of(text)] == ["T016", "T012", "S034"]


def test_what_is_right_has_no_issue() -> None:
    text = HEAD + "  hi: {ask: A?, choices: [Red, Blue], save: fields.interest}\n  bye: {send: Bye}\n"
    assert issues_of(text) == []


def test_what_looks_like_a_mistake_and_is_none() -> None:
    text = HEAD + (
        "  hi: {ask: A?, choices: [Red, Blue], save: fields.interest}\n"
        "  b: {send: \"{% if answers.hi == 'Red' %}Red{% else %}Other{% endif %} {x} - {{ contact.first_name or '{y}' }}\"}\n"
        "  c: {send: x, if: \"answers.hi != 'Red' and answers.hi in ['Blue', 'Red'] and true == True\"}\n"
        "  d:\n    send: A long text\n      that goes on - with a dash\n"
    )
    assert issues_of(text) == []
