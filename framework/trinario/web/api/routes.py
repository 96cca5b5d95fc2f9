"""The one table of the API: routing, validation and the OpenAPI document are all made of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pydantic import BaseModel

from trinario.web.api import (
    calls,
    campaigns,
    channels,
    costs,
    desk,
    joined,
    people,
    privacy,
    reports,
    segments,
    strays,
    tickets,
    webhooks,
)
from trinario.web.api.calls import Call
from trinario.web.api.shapes import (
    ContactList,
    ContactsAsked,
    ContactShape,
    EventGiven,
    EventTaken,
    MessageList,
    PageAsked,
    SessionList,
    SomeAsked,
    WhyShape,
)
from trinario.web.doors import Doors


@dataclass(frozen=True, slots=True)
class Route:
    """One path: what it takes, what it gives, with which statuses it may refuse. Paths are below /api/v1. `form`: the body may
    be a form with a file."""

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
    form: bool = False


ROUTES = (
    Route(
        "POST", "/events", "tellEvent", "Tell that something happened to a contact",
        calls.take_event, EventTaken, 202, body=EventGiven, problems=(404, 409),
    ),
    Route(
        "GET", "/contacts", "findContacts", "Find contacts by identity, or those whom people of the team have",
        desk.list_contacts, ContactList, query=ContactsAsked,
    ),
    Route("GET", "/contacts/{id}", "getContact", "One contact", calls.show_contact, ContactShape, problems=(404,)),
    Route(
        "GET", "/contacts/{id}/messages", "listMessages", "The contact's messages on every channel, newest first",
        desk.list_messages, MessageList, query=PageAsked, problems=(404,),
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
        desk.take_reply, desk.ReplyTaken, 202, body=desk.ReplyGiven, problems=(404, 503), form=True,
    ),
    Route(
        "POST", "/contacts/{id}/read", "readThread", "The team has read a contact's thread: it is no longer unread",
        desk.take_look, desk.LookTaken, body=desk.LookGiven, problems=(404,),
    ),
    Route(
        "POST", "/contacts/{id}/owner", "setOwner", "Give a contact back to the bot, or take her from it", desk.set_owner,
        desk.OwnerTaken, 202, body=desk.OwnerGiven, problems=(404,),
    ),
    Route(
        "GET", "/tickets", "listTickets", "Contacts who were given to people", tickets.list_tickets, tickets.TicketList,
        query=tickets.TicketsAsked,
    ),
    Route(
        "POST", "/tickets/{id}/close", "closeTicket", "A ticket is done with; with her last one the bot has her again",
        tickets.close_ticket, tickets.TicketShape, body=tickets.TicketClosed, problems=(404,),
    ),
    Route(
        "POST", "/tickets/{id}/assign", "assignTicket", "Somebody of the team takes a ticket", tickets.assign_ticket,
        tickets.TicketShape, body=tickets.TicketAssigned, problems=(404,),
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
        "POST", "/contacts/{id}/preferred-channel", "setPreferredChannel", "Note where a contact wants to be written to",
        people.set_preferred, ContactShape, body=people.WishGiven, problems=(404, 503),
    ),
    Route(
        "POST", "/contacts/merge", "mergeContacts", "Join two contacts who are one person; it can be undone",
        joined.merge_contacts, joined.MergeDone, body=joined.MergeGiven, problems=(404, 409, 503),
    ),
    Route(
        "POST", "/contacts/unmerge", "unmergeContacts", "Undo a merge: both are there again",
        joined.unmerge_contacts, joined.PartedPair, body=joined.UnmergeGiven, problems=(404, 409, 503),
    ),
    Route(
        "POST", "/contacts/{id}/unlink", "unlinkIdentity", "Take an identity from a contact; it goes its own way",
        joined.unlink_identity, joined.PartedPair, body=joined.UnlinkGiven, problems=(404, 409, 503),
    ),
    Route(
        "GET", "/contacts/{id}/merges", "listMerges", "Who was joined with a contact, on whose word, and what was undone",
        joined.list_merges, joined.MergeList, problems=(404,),
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
        "GET", "/campaigns", "listCampaigns", "The bot's campaigns: how they stand, and when they go",
        campaigns.list_campaigns, campaigns.CampaignList,
    ),
    Route(
        "POST", "/campaigns/{id}/plan", "planCampaign", "What a campaign would do: to whom, when, and who is left out",
        campaigns.plan_campaign, campaigns.PlanShape, problems=(404,),
    ),
    Route(
        "POST", "/campaigns/{id}/start", "startCampaign", "Start a campaign as it was planned", campaigns.start_campaign,
        campaigns.CampaignShape, body=campaigns.StartGiven, problems=(404, 409),
    ),
    Route(
        "POST", "/campaigns/{id}/pause", "pauseCampaign", "Nothing more of a campaign goes, until it is resumed",
        campaigns.pause_campaign, campaigns.CampaignShape, body=campaigns.ChangeGiven, problems=(404, 409),
    ),
    Route(
        "POST", "/campaigns/{id}/resume", "resumeCampaign", "A campaign goes on where it stood", campaigns.resume_campaign,
        campaigns.CampaignShape, body=campaigns.ChangeGiven, problems=(404, 409),
    ),
    Route(
        "POST", "/campaigns/{id}/cancel", "cancelCampaign", "End a campaign for good", campaigns.cancel_campaign,
        campaigns.CampaignShape, body=campaigns.ChangeGiven, problems=(404, 409),
    ),
    Route(
        "GET", "/campaigns/{id}/report", "reportCampaign", "What became of a campaign, in counts of people",
        campaigns.report_campaign, campaigns.ReportShape, problems=(404,),
    ),
    Route(
        "GET", "/flows/{id}/report", "reportFlow", "How far people come in a flow, step by step", reports.report_flow,
        reports.FlowReportShape, query=reports.FlowReportAsked, problems=(404,),
    ),
    Route(
        "GET", "/sequences/{id}/report", "reportSequence", "What becomes of a sequence, step by step",
        reports.report_sequence, reports.SequenceReportShape, query=reports.SinceAsked, problems=(404,),
    ),
    Route(
        "GET", "/segments/count", "countSegment", "How many contacts an expression is true of, and some of them",
        segments.count_segment, segments.SegmentCounted, query=segments.SegmentAsked,
    ),
    Route(
        "GET", "/webhooks", "listWebhooks", "Other systems that are told what happens: how they stand",
        webhooks.list_webhooks, webhooks.WebhookList,
    ),
    Route(
        "POST", "/webhooks/{id}/enable", "enableWebhook", "Tell a system again that was disabled, from where it stopped",
        webhooks.enable_webhook, webhooks.WebhookShape, body=webhooks.EnableGiven, problems=(404,),
    ),
    Route(
        "POST", "/webhooks/{id}/disable", "disableWebhook", "Tell a system nothing until it is enabled",
        webhooks.disable_webhook, webhooks.WebhookShape, body=webhooks.DisableGiven, problems=(404,),
    ),
    Route(
        "GET", "/webhooks/{id}/deliveries", "listDeliveries", "What a system is told: tried how often, and when next",
        webhooks.list_deliveries, webhooks.DeliveryList, query=webhooks.DeliveriesAsked, problems=(404,),
    ),
    Route(
        "POST", "/webhooks/{id}/replay", "replayWebhook", "Tell a system once more what has happened",
        webhooks.replay_webhook, webhooks.ReplayTaken, body=webhooks.ReplayGiven, problems=(404,),
    ),
    Route(
        "POST", "/webhooks/{id}/test", "testWebhook", "Send a system news that are none",
        webhooks.try_webhook, webhooks.TriedShape, body=webhooks.TryGiven, problems=(404, 409),
    ),
    Route(
        "GET", "/strays", "listStrays", "What came in and was not understood, or was given up",
        strays.list_strays, strays.StrayList, query=strays.StraysAsked,
    ),
    Route(
        "GET", "/costs", "listCosts", "What messages cost, by what the platforms told of each",
        costs.list_costs, costs.CostList, query=costs.CostsAsked,
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
