"""The one table of the API: routing, validation and the OpenAPI document are all made of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pydantic import BaseModel

from trinario.web.api import calls, channels, people, privacy
from trinario.web.api.calls import Call
from trinario.web.api.shapes import (
    ContactList,
    ContactsAsked,
    ContactShape,
    EventGiven,
    EventTaken,
    MessageList,
    OwnerGiven,
    OwnerTaken,
    PageAsked,
    ReplyGiven,
    ReplyTaken,
    SessionList,
    SomeAsked,
    WhyShape,
)
from trinario.web.doors import Doors


@dataclass(frozen=True, slots=True)
class Route:
    """One path: what it takes, what it gives, with which statuses it may refuse. Paths are below /api/v1."""

    method: str
    path: str
    name: str
    summary: str
    call: Callable[[Doors, Call], Awaitable[BaseModel]]
    answer: type[BaseModel]
    status: int = 200
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    problems: tuple[int, ...] = ()


ROUTES = (
    Route(
        "POST", "/events", "tellEvent", "Tell that something happened to a contact",
        calls.take_event, EventTaken, 202, body=EventGiven, problems=(404, 409),
    ),
    Route(
        "GET", "/contacts", "findContacts", "Find contacts by identity",
        calls.list_contacts, ContactList, query=ContactsAsked,
    ),
    Route("GET", "/contacts/{id}", "getContact", "One contact", calls.show_contact, ContactShape, problems=(404,)),
    Route(
        "GET", "/contacts/{id}/messages", "listMessages", "The contact's messages on every channel, newest first",
        calls.list_messages, MessageList, query=PageAsked, problems=(404,),
    ),
    Route(
        "GET", "/messages/{id}/why", "explainMessage", "Why a message of ours went or not, why there, why not elsewhere",
        calls.show_why, WhyShape, problems=(404,),
    ),
    Route(
        "GET", "/contacts/{id}/sessions", "listSessions", "The contact's sessions, newest first",
        calls.list_sessions, SessionList, query=SomeAsked, problems=(404,),
    ),
    Route(
        "POST", "/contacts/{id}/messages", "sendReply", "Write to a contact as an operator; the bot steps back",
        calls.take_reply, ReplyTaken, 202, body=ReplyGiven, problems=(404, 503),
    ),
    Route(
        "POST", "/contacts/{id}/owner", "giveBack", "Give a contact back to the bot", calls.give_back, OwnerTaken, 202,
        body=OwnerGiven, problems=(404,),
    ),
    Route(
        "GET", "/contacts/{id}/consent", "listConsents", "What a contact allows, and how it came to that",
        privacy.list_consents, privacy.ConsentList, query=SomeAsked, problems=(404,),
    ),
    Route(
        "POST", "/contacts/{id}/consent", "recordConsent", "Record what a contact allows, as somebody of the team",
        privacy.record_consent, privacy.ConsentTaken, 202, body=privacy.ConsentGiven, problems=(404,),
    ),
    Route(
        "GET", "/contacts/{id}/takeout", "takeOut", "Everything that is known of a contact", privacy.take_out,
        privacy.Takeout, problems=(404,),
    ),
    Route(
        "DELETE", "/contacts/{id}", "eraseContact", "Forget a contact: everything, from every table and file",
        privacy.erase_contact, privacy.Erased, problems=(404,),
    ),
    Route(
        "POST", "/contacts/merge", "mergeContacts", "Join two contacts who are one person; it can be undone",
        people.merge_contacts, people.MergeDone, body=people.MergeGiven, problems=(404, 409, 503),
    ),
    Route(
        "POST", "/contacts/unmerge", "unmergeContacts", "Undo a merge: both are there again",
        people.unmerge_contacts, people.PartedPair, body=people.UnmergeGiven, problems=(404, 409, 503),
    ),
    Route(
        "POST", "/contacts/{id}/unlink", "unlinkIdentity", "Take an identity from a contact; it goes its own way",
        people.unlink_identity, people.PartedPair, body=people.UnlinkGiven, problems=(404, 409, 503),
    ),
    Route(
        "GET", "/contacts/{id}/merges", "listMerges", "Who was joined with a contact, on whose word, and what was undone",
        people.list_merges, people.MergeList, problems=(404,),
    ),
    Route(
        "GET", "/contacts/{id}/identities", "listIdentities", "The identities of a contact: reachable or not, window, consent",
        people.list_identities, people.IdentityList, problems=(404,),
    ),
    Route(
        "GET", "/contacts/{id}/suggestions", "suggestionsOf", "Who may be the same person as a contact",
        people.contact_suggestions, people.SuggestionList, query=SomeAsked, problems=(404,),
    ),
    Route(
        "GET", "/suggestions", "listSuggestions", "Pairs of contacts who may be one person",
        people.list_suggestions, people.SuggestionList, query=people.PairsAsked,
    ),
    Route(
        "POST", "/suggestions", "judgeSuggestion", "Join a pair, or never suggest it again",
        people.judge_suggestion, people.JudgedDone, body=people.Judged, problems=(404, 409, 503),
    ),
    Route(
        "GET", "/channels", "listChannels", "The bot's channels, and what is the matter with them",
        channels.list_channels, channels.ChannelList,
    ),
    Route(
        "POST", "/channels/{id}/resume", "resumeChannel", "Try again at once, after a channel's trouble was mended",
        channels.resume_channel, channels.Resumed, problems=(404,),
    ),
)  # fmt: skip
