"""Ids that are too long for any index: shortened where they only have to differ, refused where they name somebody."""

from dataclasses import replace

from trinario.channels.http.reading import KEY_LENGTH, fingerprint
from trinario.model.channel import Identity
from trinario.model.heard import Echo, Heard, Inbound, Receipt, Unsupported
from trinario.model.news import Handover, News, Rekeyed

TOO_LONG = "id too long"


def measured(item: Inbound) -> Inbound:
    """The item with an id that an index can hold; without a usable one for its person it is Unsupported."""
    if isinstance(item, Receipt):
        named = (item.message_id, item.key, item.identity.value if item.identity else "")
        if max(map(len, named)) <= KEY_LENGTH:
            return item
        return Unsupported(item.channel, fingerprint(list(named)), item.at, TOO_LONG)
    if len(item.external_id) > KEY_LENGTH:
        item = replace(item, external_id=fingerprint(item.external_id))
    for identity in _people(item):
        if len(identity.value) > KEY_LENGTH:
            return Unsupported(identity.channel, item.external_id, item.at, TOO_LONG)
    return item


def _people(item: Heard | Echo | News | Handover | Rekeyed | Unsupported) -> tuple[Identity, ...]:
    match item:
        case Heard(identity=identity, also=also):
            return (identity, *also) if also else (identity,)
        case Echo(identity=identity):
            return (identity,)
        case Handover(identity=identity, also=also):
            return (identity, *also)
        case Rekeyed(identities=identities, former=former):
            return (*identities, *former)
        case News(identity=identity) | Unsupported(identity=identity):
            return (identity,) if identity else ()
