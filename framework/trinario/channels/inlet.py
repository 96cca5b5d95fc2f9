"""The door of Meta's webhooks: what a body holds, for whichever of our accounts it is (meta.md 1)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from trinario.channels.graph import signature
from trinario.channels.graph.envelope import Piece, may_be_deep, opened, pieces, platform_of, shallow
from trinario.channels.graph.measure import measured
from trinario.channels.graph.place import Place
from trinario.channels.http import secret, wire
from trinario.channels.http.reading import fingerprint, fingerprint_of, mapping, readable, text
from trinario.channels.instagram import decode as instagram
from trinario.channels.messenger import decode as messenger
from trinario.channels.whatsapp import decode as whatsapp
from trinario.channels.whatsapp.account import NEWS
from trinario.model.heard import Arrival, Inbound, Unsupported

FAULT = "fault of ours:"
"""How an Unsupported begins that should have been read."""

_KINDS = {"whatsapp": whatsapp.KIND, "messenger": messenger.KIND, "instagram": instagram.KIND}


class MetaInlet:
    """Webhooks of all three platforms, on whichever path they come (ports.Inlet).

    `accounts` gives the channel name of (platform, the platform's id of our account): the phone number id on WhatsApp
    (the WABA's id as well, if its own fields shall be told apart), the Page id, the Instagram account id. `secrets` and
    `verify_tokens` are all that the bot has; `app_ids` are our Meta apps, whose echoes are our own messages. `numbers` are the
    channels of a WABA by its id: what is told of it, and of no number, is told of each of them.
    """

    def __init__(
        self,
        accounts: Mapping[tuple[str, str], str],
        secrets: Sequence[str],
        verify_tokens: Sequence[str],
        app_ids: Collection[str] = (),
        numbers: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._accounts, self._numbers = dict(accounts), dict(numbers or {})
        self._secrets = tuple(secrets)
        self._tokens = tuple(verify_tokens)
        self._apps = frozenset(app for app in app_ids if app)

    def answer_challenge(self, query: Mapping[str, str]) -> str | None:
        """The challenge as it came, if the mode is subscribe and the token one of ours; else None."""
        genuine = secret.known(self._tokens, query.get("hub.verify_token", ""))
        return query.get("hub.challenge") if genuine and query.get("hub.mode") == "subscribe" else None

    def genuine(self, raw: bytes, headers: Mapping[str, str]) -> bool:
        """Whether any secret of the bot signs these very bytes; header names in any case."""
        header = headers.get(signature.HEADER) or headers.get(signature.HEADER.lower())
        return signature.genuine(self._secrets, raw, header)

    def decode(self, raw: bytes) -> Sequence[Arrival]:
        """Everything a body holds, in order. Raises ValueError only if it is no JSON object.

        `Arrival.raw` is itself a webhook body with nothing else in it: to decode it gives the same item again (and its
        siblings, where one event tells of several messages). Copies within one body stay: they have the same external
        id.
        """
        body, unreadable = opened(raw)
        platform = platform_of(body)
        if not platform:
            kind = body.get("object")
            what = f"object {kind}" if isinstance(kind, str) else "no object of ours"
            return (_whole(raw, what),)
        found, deep = list(pieces(platform, body)), False
        if may_be_deep(raw):
            looked = [shallow(piece) for piece in found]
            found, deep = [piece for piece, _ in looked if piece], any(cut for _, cut in looked)
        readings = [reading for piece in found for reading in self._read_safely(piece)]
        if unreadable:
            readings = [(readable(item), piece, value) for item, piece, value in readings]
        if len(readings) == 1 and not deep:
            return (Arrival(measured(readings[0][0]), raw),)
        arrivals = [Arrival(measured(item), wire.dumps(piece.body(value))) for item, piece, value in readings]
        return (*arrivals, _whole(raw, "nested too deep")) if deep else tuple(arrivals)

    def _read_safely(self, piece: Piece) -> list[tuple[Inbound, Piece, Any]]:
        """What a piece holds; a fault of ours in reading it costs this piece alone, which is kept and counted."""
        try:
            return list(self._read(piece))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as fault:
            what = f"{FAULT} {type(fault).__name__}"
            return [(Unsupported("", fingerprint([piece.platform, piece.value]), piece.at, what), piece, piece.value)]

    def _read(self, piece: Piece) -> Iterator[tuple[Inbound, Piece, Any]]:
        """Each thing that a piece holds, with the part of the piece that it was read from."""
        value = piece.value
        account, channel = self._account(piece, value)
        if not channel:
            what = f"account {account or 'without an id'} of {piece.platform} is not ours"
            yield (
                Unsupported("", fingerprint([piece.platform, piece.entry, value]), piece.at, what[:200]),
                piece,
                value,
            )
            return
        place = Place(channel, account, _KINDS[piece.platform], piece.at, self._apps)
        if piece.platform == "whatsapp":
            for name in self._told(piece, account, channel):
                there = replace(place, channel=name)
                yield from ((item, piece, part) for item, part in whatsapp.read_piece(piece, value, there))
            return
        read = messenger.read_piece if piece.platform == "messenger" else instagram.read_piece
        yield from ((item, piece, value) for item in read(piece, value, place))

    def _told(self, piece: Piece, account: str, channel: str) -> Sequence[str]:
        """The channels that something is told of: one, but for news of a WABA that has several numbers."""
        return self._numbers.get(account, (channel,)) if piece.field in NEWS else (channel,)

    def _account(self, piece: Piece, value: Any) -> tuple[str, str]:
        """The id and the channel name ("" if it is not ours) of the account that a piece is for."""
        candidates = [piece.entry]
        if piece.platform == "whatsapp":
            number = whatsapp.account_of(value)
            candidates = [number] if number else [whatsapp.number_of(value), piece.entry]
        elif isinstance(value, dict):
            candidates += [text(mapping(value, side), "id") for side in ("recipient", "sender")]
        for account in candidates:
            if channel := self._accounts.get((piece.platform, account)):
                return account, channel
        return next(filter(None, candidates), ""), ""


def _whole(raw: bytes, what: str) -> Arrival:
    """A body that is kept as it came, because nothing in it can be read."""
    return Arrival(readable(Unsupported("", fingerprint_of(raw), None, what[:200])), raw)
