"""The codes of campaigns and sequences: number, title, why it is a fault, before and after."""

ENTRIES = (
    ("S044", "A pace is needed",
     "How many in what time: a number, a slash and s, m, h or d.",
     "pace: 50 per second", "pace: 50/s"),
    ("S045", "An amount is needed",
     "A number with a point before the cents, and the code of the currency (ISO 4217), so that nobody has to guess which"
     " dollars are meant.",
     "budget: {max: €200}", "budget: {max: 200 EUR}"),
    ("T170", "A time that is over",
     "A campaign that goes once, at a time that has passed, is sent to nobody. What was sent does not go again.",
     "schedule: {at: 2024-12-01 10:00, zone: contact}", "schedule: {at: 2027-12-01 10:00, zone: contact}"),
    ("T171", "A step that comes before the one above it",
     "The steps of a sequence come in the order of the file, and who is past a step by its name never gets it. One with"
     " an earlier day below a later one would come at another place than it stands.",
     "steps:\n  roses: {day: 3, send: Roses}\n  ferns: {day: 1, send: Ferns}",
     "steps:\n  ferns: {day: 1, send: Ferns}\n  roses: {day: 3, send: Roses}"),
    ("T172", "A step whose time may be over when she comes",
     "On the day of the enrolment itself a time of day may lie behind her already; what would have come before she was"
     " enrolled is left out.",
     "welcome: {day: 0, at: 10:00, send: Welcome!}", "welcome: {day: 0, send: Welcome!}"),
    ("T173", "A goal that nobody reaches",
     "A goal is counted by a step with `goal` or `counts` of one of the bot's flows, or it is an event. With another"
     " name nobody would ever come to it, and the report would say that the campaign brought nothing.",
     "goal: {name: bookings}   # and a flow with counts: booking", "goal: {name: booking}"),
    ("T174", "A campaign and its flow for different purposes",
     "What a flow says goes by the purpose of the flow: a marketing campaign that begins a service flow would write to"
     " people who have said no, at night too.",
     "purpose: marketing\nflow: spring_offer   # a flow with purpose: service",
     "purpose: marketing\nflow: spring_offer   # a flow with purpose: marketing"),
    ("T175", "A segment that cannot be looked up",
     "A segment is asked of the database, of a million people at once. It may read fields, tags, consent, the contact"
     " and where she can be reached, but nothing of a conversation, which does not exist yet.",
     "segment: \"answers.budget > 5000\"", "segment: \"fields.budget > 5000\""),
    ("T176", "Marketing that does not say how to end it",
     "Who gets marketing must be told how to get no more of it. A stop word in the text, in the template's footer or on"
     " one of its buttons does that.",
     "purpose: marketing\nsend: Spring is here!", "purpose: marketing\nsend: Spring is here! STOP ends this."),
    ("T177", "A draw of lots with one lot",
     "Variants are there to be compared: with one of them, and nobody held out, everybody gets the same.",
     "variants: {a: 50, b: 0}", "variants: {a: 50, b: 50}"),
    ("T178", "A budget that cannot be kept",
     "What a message costs stands in the price file of the bot, in one currency. Without it, or in another currency, nobody"
     " can tell when the money is spent.",
     "budget: {max: 200 USD}   # and prices.yaml in EUR", "budget: {max: 200 EUR}"),
    ("T179", "A sequence that nobody comes into",
     "A flow enrolls people with `enroll`, or a sequence takes who comes to be of its `segment`. This one does neither, so"
     " nothing of it is ever sent.",
     "sequence: newsletter   # and no flow with enroll: newsletter", "steps:\n  in: {enroll: newsletter}   # in a flow"),
    ("T180", "A price list that says nothing",
     "A list holds from its day on until the next one. Without a price it would take those before it away, and of two of the"
     " same day nobody knows which one holds.",
     "prices: [{from: 2026-10-01}]", "prices: [{from: 2026-10-01, elsewhere: {marketing: 0.06}}]"),
    ("T183", "A sequence that leads back into itself",
     "A step begins a flow that enrolls into the same sequence, straight away or by way of another one. On one day that would"
     " go round without end; over several it does until something ends it.",
     "steps:\n  one: {day: 0, flow: joins}   # which says enroll: tips", "steps:\n  one: {day: 0, send: Welcome! Say STOP at any time.}"),
    ("T182", "Forgotten too early",
     "Caps on marketing, goals of campaigns and webhooks that are sent again look back some weeks; what is not there any more"
     " does not count. A day is the least of everything else.",
     "retention: {messages: 1d}", "retention: {messages: 90d}"),
    ("T184", "A campaign that comes several times an hour",
     "A time table brings a campaign to everybody of its segment each time. With a star for the minute that is every"
     " minute; whoever writes one mostly means once a day.",
     'schedule: {cron: "* * * * *"}', 'schedule: {cron: "0 10 * * *"}'),
    ("T185", "A time that the clocks skip",
     "In the night in which summer time begins an hour is left out. What was to come then comes later by that hour; in"
     " autumn, when an hour comes twice, it comes once.",
     "schedule: {at: 2027-03-28 02:30, zone: Europe/Rome}", "schedule: {at: 2027-03-28 10:00, zone: Europe/Rome}"),
    ("T181", "A country that there is not",
     "Countries are written by their code of two letters (ISO 3166); a message to a number of that country costs what"
     " stands there.",
     "countries: {UK: {marketing: 0.05}}", "countries: {GB: {marketing: 0.05}}"),
)  # fmt: skip
