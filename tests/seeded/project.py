"""The good flows: an order, an address that is asked by a called flow, a change of channel, and marketing."""

BOT = """\
bot: shop
locale: en
timezone: Europe/Rome
channels:
  whatsapp: {platform: whatsapp, phone_number_id: "1", phone: "+15550783881", access_token: a, app_secret: b, verify_token: c}
  messenger: {platform: messenger, page_id: "2", page_name: shop, access_token: a, app_secret: b, verify_token: c}
flows: ["*"]
fields: {offer: {type: text}, city: {type: mapping, personal: true}}
teams: {sales: {notify: [mailto:sales@shop.example]}}
disclosure: {when: [takeover]}
events: {cart.abandoned: {total: number}}
"""

ORDER = """\
flow: order
triggers: [{keyword: [order]}]
vars: {rounds: 0}
handlers: {invalid: people}
steps:
  hello:
    send: "Hello {{ contact.first_name or 'there' }}!"
    next: meal
  meal:
    ask: Pizza or cake?
    choices:
      - {title: Pizza, next: guests}
      - {title: Cake, next: letters}
    timeout: 2h
    on_timeout: thanks
  guests:
    ask: For how many?
    type: number
    min: 2
    max: 20
    timeout: 2h
    on_timeout: thanks
  share:
    send: "Each of the others pays {{ 90 / (answers.guests - 1) }} EUR."
  large:
    branch:
      - {if: answers.guests > 10, next: people}
      - {else: code}
  letters:
    ask: What shall we write on it?
    max: 40
    timeout: 2h
    on_timeout: thanks
  written:
    send: "We write: {{ answers.letters }}"
    next: code
  code:
    ask: Your voucher, five digits?
    pattern: '^[0-9]{5}$'
    error: Five digits, please.
    timeout: 2h
    on_timeout: thanks
    next: right
  right:
    ask: Is everything right?
    type: yes_no
    on_no: round
    timeout: 2h
    on_timeout: thanks
    next: thanks
  round:
    set: {vars.rounds: "{{ vars.rounds + 1 }}"}
  enough:
    branch:
      - {if: vars.rounds > 2, next: people}
      - {else: meal}
  people:
    handoff: sales
    note: "{{ answers.meal or 'nothing chosen' }}"
    next: end
  thanks:
    send: Thank you!
"""

ADDRESS = """\
flow: address
inputs: {country: {type: text}}
returns: {town: vars.town}
vars: {town: nowhere}
steps:
  where:
    ask: "Which town in {{ call.country }}?"
    save: vars.town
    timeout: 1h
"""

DELIVERY = """\
flow: delivery
triggers: [{keyword: [delivery]}]
steps:
  town:
    call: address
    with: {country: Italy}
    save: fields.city
  known:
    send: "We bring it to {{ fields.city.town or 'your town' }}."
  over:
    switch_channel: whatsapp
    text: Let us go on where you can send photos.
    expires: 20h
    on_declined: bye
    on_expired: bye
    on_unavailable: bye
  photo:
    ask: A photo of your door?
    type: image
    on_invalid: words
    timeout: 1h
    on_timeout: bye
    next: bye
  words:
    ask: In words, then. What does it look like?
    timeout: 1h
    on_timeout: bye
  bye:
    send: We are on our way.
"""

OFFER = """\
flow: offer
purpose: marketing
triggers: [{keyword: [offers]}, {event: cart.abandoned}]
exit_when: [{opt_out: marketing}]
steps:
  news:
    send: "{{ fields.offer or 'Ten percent on everything' }}. STOP ends this."
    if: channel.window_open
  later:
    wait: 3d
  nudge:
    send: Our offer ends today. STOP ends this.
    delivery: {template: {name: last_day}}
  done:
    tag: reminded
"""

FLOWS = {"order": ORDER, "address": ADDRESS, "delivery": DELIVERY, "offer": OFFER}

TEMPLATES = """\
templates:
  last_day:
    category: marketing
    languages:
      en: {body: Our offer ends today. STOP ends this.}
"""

ITALIAN = """\
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgctxt "where.ask"
msgid "Which town in {{ call.country }}?"
msgstr "Quale paese in {{ call.country }}?"
"""
