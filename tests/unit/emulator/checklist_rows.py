"""The lines of the emulator's checklist that are one request each: tokens, objects, envelopes, tags, edges (meta.md §13.1-13.10)."""

import hashlib
import hmac
from typing import Any

from tests.unit.emulator.checklist import ANY, APP, PAGES, SECRET, WHATSAPP, Row, fb, get, ig, wa
from tests.unit.emulator.conftest import PAGE_TOKEN, WA_TOKEN

Json = dict[str, Any]
TEXT: Json = {"messaging_product": "whatsapp", "to": "+{wa}", "type": "text", "text": {"body": "ciao"}}
HER: Json = {"recipient": {"id": "{psid}"}, "message": {"text": "ciao"}}
JSON = {"Content-Type": "application/json"}
APP_TOKEN = f"{APP}|{SECRET}"


def proof(token: str, secret: str = SECRET) -> str:
    """The appsecret_proof of a token."""
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


TOKENS = [
    Row("none", (400, 104, None), body=TEXT, token=None, says="An access token is required to request this resource."),
    Row("none, for a page", (400, 104, None), path=PAGES, body=HER, token=None),
    Row("as a bearer", 200, body=TEXT),
    Row("as a bearer in small letters", 200, body=TEXT, token=None, headers={"Authorization": f"bearer {WA_TOKEN}"}),
    Row("in the query", 200, path=f"{WHATSAPP}?access_token={WA_TOKEN}", body=TEXT, token=None),
    Row("in the body", 200, path=PAGES, body={**HER, "access_token": PAGE_TOKEN}, token=None),
    Row("in a form", 200, path=PAGES, token=None,
        form={"recipient": '{"id":"{psid}"}', "message": '{"text":"ciao"}', "access_token": PAGE_TOKEN}),
    Row("that nobody has", (401, 190, None), body=TEXT, token="nonsense", says="Invalid OAuth access token"),
    Row("that nobody has, in the query", (401, 190), path=f"{PAGES}?access_token=x", body=HER, token=None),
    Row("of the page for the number", (400, 100, 33), body=TEXT, token=PAGE_TOKEN),
    Row("of the number for the page", (400, 100, 33), path=PAGES, body=HER),
    Row("of the app for a message", (400, 100, 33), path=PAGES, body=HER, token=APP_TOKEN),
    get("of the app for what a token is", 200, f"/debug_token?input_token={WA_TOKEN}", token=APP_TOKEN),
    get("what no token is", 200, "/debug_token?input_token=x", token=APP_TOKEN, says='"is_valid": false'),
    get("none to look at", (400, 100), "/debug_token", token=APP_TOKEN),
]  # fmt: skip

PROOFS = [
    Row("none", (400, 100), body=TEXT, says="API calls from the server require an appsecret_proof argument"),
    Row("wrong", (400, 100), path=f"{WHATSAPP}?appsecret_proof={'0' * 64}", body=TEXT, says="Invalid appsecret_proof"),
    Row("no hex", (400, 100), path=f"{WHATSAPP}?appsecret_proof=%C3%A9", body=TEXT),
    Row("of another token", (400, 100), path=f"{WHATSAPP}?appsecret_proof={proof(PAGE_TOKEN)}", body=TEXT),
    Row("with another secret", (400, 100), path=f"{WHATSAPP}?appsecret_proof={proof(WA_TOKEN, 'x')}", body=TEXT),
    Row("right", 200, path=f"{WHATSAPP}?appsecret_proof={proof(WA_TOKEN)}", body=TEXT),
    Row("right, of the page", 200, path=f"{PAGES}?appsecret_proof={proof(PAGE_TOKEN)}", body=HER, token=PAGE_TOKEN),
    Row("right, in the body", 200, path=PAGES, body={**HER, "appsecret_proof": proof(PAGE_TOKEN)}, token=PAGE_TOKEN),
]

OBJECTS = [
    Row("no such object", (400, 100, 33), path="/v25.0/404/messages", body=TEXT, says="Unsupported post request. Object with ID '404' does not exist, cannot be loaded due to missing permissions, or does not support this operation."),
    get("no such object to read", (400, 100, 33), "/v25.0/404", says="Unsupported get request."),
    Row("nor to delete", (400, 100, 33), method="DELETE", path="/v25.0/404", says="Unsupported delete request."),
    get("an edge that is not read", (400, 100, 33), WHATSAPP),
    Row("an edge that there is not", (400, 100, 33), path="/v25.0/{number}/wishes", body={}),
    Row("nothing at all", (400, 100, 33), path="/v25.0/", body={}),
    get("a version of tomorrow", (400, 2635), "/v99.0/{number}"),
    get("a version of long ago", (400, 2635), "/v2.6/{number}"),
    get("the oldest version", 200, "/v19.0/{number}"),
    get("no version", 200, "/{number}", gives={"id": "{number}"}),
    Row("no JSON", (400, 100), raw=b"{no json", headers=JSON, says="not valid JSON"),
    Row("a list", (400, 100), raw=b"[]", headers=JSON),
    Row("not UTF-8", (400, 100), raw=b'{"to":"\xff"}', headers=JSON),
    Row("deep", (400, 100), raw=b'{"a":' + b"[" * 100_000, headers=JSON),
    Row("no content type", (400, 100), raw=b'{"to":"1"}', headers={"Content-Type": "text/plain"},
        says="messaging_product is required"),
    Row("the number of hers for ours", (400, 100, 33), path="/v25.0/{wa}/messages", body=TEXT),
    Row("the id of another page", (400, 100, 33), path="/v25.0/1000000000000/messages", body=HER, token=PAGE_TOKEN),
    Row("the id of our page", 200, path="/v25.0/{page}/messages", body=HER, token=PAGE_TOKEN),
]  # fmt: skip

ENVELOPES = [
    wa("no product", (400, 100), {"messaging_product": None}, says="(#100) The parameter messaging_product is required."),
    wa("another product", (400, 100), {"messaging_product": "messenger"}),
    wa("nobody", (400, 131008), {"to": None}, says="The parameter to is required."),
    wa("an empty number", (400, 131009), {"to": ""}),
    wa("a number of JSON", (400, 131009), {"to": 393331112222}),
    wa("letters", (400, 131009), {"to": "+39ABC"}),
    wa("two people", (400, 131009), {"to": ["+{wa}"]}),
    wa("ourselves", (400, 131021), {"to": "+15550783881"}),
    wa("with brackets, signs and spaces", 200, {"to": "+(1) 555-010 0199"}),
    wa("by her scoped id", 200, {"to": None, "recipient": "{bsuid}"}, gives={"contacts": [{"input": "{bsuid}", "user_id": "{bsuid}"}]}),
    wa("by both: the number wins", 200, {"recipient": "US.404"}, gives={"contacts": [{"input": "+{wa}", "wa_id": "{wa}"}]}),
    wa("a scoped id that is none", (400, 131009), {"to": None, "recipient": "404"}),
    wa("a psid", (400, 131009), {"to": None, "recipient": "{psid}"}),
    wa("a group", (400, 131009), {"recipient_type": "group"}),
    wa("somebody", 200, {"recipient_type": "individual"}),
    wa("no such type", (400, 100), {"type": "poll", "text": None, "poll": {}}),
    wa("a type of another kind", (400, 100), {"type": 5}),
    wa("no object for the type", (400, 131008), {"type": "image", "text": None}),
    wa("the object is a string", (400, 100), {"text": "ciao"}),
    wa("two contents", (400, 100), {"image": {"link": "https://a.example/x.jpg"}}, says="Unexpected key"),
    wa("a member of ours", (400, 100), {"trinario": 1}, says="Unexpected key"),
    wa("a member that is null", 200, {"image": None}),
    wa("a boolean as words", (400, 100), {"text": {"body": "x", "preview_url": "true"}}),
    wa("our key, 512", 200, {"biz_opaque_callback_data": "k" * 512}),
    wa("our key, 513", (400, 131009), {"biz_opaque_callback_data": "k" * 513}),
    wa("a reply to nothing", (400, 131008), {"context": {}}),
    wa("a reply to a number", (400, 100), {"context": {"message_id": 5}}),
    wa("a picture that is not there", (400, 100), {"type": "image", "text": None, "image": {"id": "404"}}),
    wa("a code to a scoped id", (400, 131062), {"to": None, "recipient": "{bsuid}", "type": "template", "text": None,
        "template": {"name": "code", "language": {"code": "en"}, "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "123"}]},
            {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "123"}]}]}}),
    wa("no such template", (404, 132001), {"type": "template", "text": None, "template": {"name": "no", "language": {"code": "en"}}}),
    wa("read marks of what nobody said", (400, 131009), {"to": None, "type": None, "text": None, "status": "read", "message_id": "wamid.x"}),
    wa("read marks of hers", 200, {"to": None, "type": None, "text": None, "status": "read", "message_id": "{wamid}"}, gives={"success": True}),
    wa("typing with them", 200, {"to": None, "type": None, "text": None, "status": "read", "message_id": "{wamid}", "typing_indicator": {"type": "text"}}),
    wa("another status", (400, 131009), {"to": None, "type": None, "text": None, "status": "delivered", "message_id": "{wamid}"}),
]  # fmt: skip


def _tagged(tag: str | None, kind: str = "MESSAGE_TAG") -> Json:
    return {"messaging_type": kind, "tag": tag}


FEEDBACK: Json = {"attachment": {"type": "template", "payload": {
    "template_type": "customer_feedback", "title": "How was it?", "subtitle": "Tell us", "button_title": "Rate",
    "feedback_screens": [{"questions": [{"id": "q1", "type": "csat", "title": "How was it?", "score_label": "neg_pos",
                                         "score_option": "five_stars"}]}],
    "business_privacy": {"url": "https://a.example/privacy"}}}}  # fmt: skip

MESSAGES = [
    fb("no recipient", (400, 100), {"recipient": None}, says="The parameter recipient is required."),
    fb("an empty recipient", (400, 100), {"recipient": {}}),
    fb("two recipients", (400, 100), {"recipient": {"id": "{psid}", "comment_id": "1"}}),
    fb("a recipient of another kind", (400, 100), {"recipient": "{psid}"}),
    fb("a phone number", (400, 100), {"recipient": {"phone_number": "+15550100100"}}),
    fb("a token of marketing", (400, 100), {"recipient": {"notification_messages_token": "x"}}),
    fb("a stranger", (400, 100, 2018001), {}, to="404"),
    fb("her WhatsApp number", (400, 100, 2018001), {}, to="{wa}"),
    fb("somebody who never wrote", (400, 100, 2018001), {}, to="{silent}"),
    ig("somebody who never wrote there", (400, 100, 2534014), {"recipient": {"id": "{silent_ig}"}}),
    fb("a comment of nobody", (400, 100), {"recipient": {"comment_id": "404"}}),
    fb("nothing", (400, 100), {"message": None}),
    fb("a message and an action", (400, 100), {"sender_action": "typing_on"}),
    fb("an empty message", (400, 100), {"message": {}}),
    fb("text and picture", (400, 100), {"message": {"text": "x", "attachment": {"type": "image", "payload": {"url": "https://a.example/x.jpg"}}}}),
    fb("text and sticker", (400, 100), {"message": {"text": "x", "sticker_id": "1"}}),
    fb("a member of ours in the message", (400, 100), {"message": {"text": "x", "trinario": 1}}, says="Invalid keys"),
    fb("typing", 200, {"message": None, "sender_action": "typing_on"}, gives={"recipient_id": "{psid}"}),
    fb("another action", (400, 100), {"message": None, "sender_action": "dance"}),
    fb("no type: an answer", 200, {}, gives={"recipient_id": "{psid}"}),
    fb("an answer", 200, {"messaging_type": "RESPONSE"}),
    fb("an update", 200, {"messaging_type": "UPDATE"}),
    fb("another type", (400, 100), {"messaging_type": "NEWS"}),
    fb("a tag without its type", (400, 100), {"messaging_type": None, "tag": "HUMAN_AGENT"}),
    fb("the type without a tag", (400, 100), _tagged(None)),
    fb("a tag of people", 200, _tagged("HUMAN_AGENT")),
    ig("a tag of people there", 200, _tagged("HUMAN_AGENT")),
    *(fb(f"a dead tag: {tag}", (400, 100), _tagged(tag))
      for tag in ("CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE", "NON_PROMOTIONAL_SUBSCRIPTION")),
    ig("a tag that is dead there as well", (400, 100), _tagged("ACCOUNT_UPDATE")),
    fb("feedback with a text", (400, 100), _tagged("CUSTOMER_FEEDBACK")),
    fb("feedback with its card", 200, {**_tagged("CUSTOMER_FEEDBACK"), "message": FEEDBACK}),
    ig("feedback there", (400, 100), {**_tagged("CUSTOMER_FEEDBACK"), "message": FEEDBACK}),
    fb("utility with a text", (400, 100), {"messaging_type": "UTILITY"}),
    ig("utility there", (400, 100), {"messaging_type": "UTILITY", "message": {"template": {"name": "x", "language": {"code": "en"}}}}),
    ig("a persona there", (400, 100), {"persona_id": "1"}),
    fb("a notification of another kind", (400, 100), {"notification_type": "LOUD"}),
    fb("a notification without sound", 200, {"notification_type": "NO_PUSH"}),
    fb("a reply to nothing", (400, 100), {"reply_to": {}}),
    ig("an attachment that is not there", (400, 100, 2018074), {"message": {"attachment": {"type": "image", "payload": {"attachment_id": "404"}}}}),
    ig("a reaction to what nobody said", (400, 100), {"message": None, "sender_action": "react", "payload": {"message_id": "x", "reaction": "love"}}),
    ig("a reaction", 200, {"message": None, "sender_action": "react", "payload": {"message_id": "{igmid}", "reaction": "love"}}),
]  # fmt: skip

EDGES = [
    get("who we are", 200, "/v25.0/me", token=PAGE_TOKEN, gives={"id": "{page}"}),
    get("our pages", 200, "/v25.0/me/accounts", token=PAGE_TOKEN),
    get("the number", 200, "/v25.0/{number}?fields=status,throughput", gives={"status": "CONNECTED", "throughput": {"level": "STANDARD"}}),
    get("numbers of the account", 200, "/v25.0/{waba}/phone_numbers"),
    get("templates", 200, "/v25.0/{waba}/message_templates"),
    get("what is subscribed", 200, "/v25.0/me/subscribed_apps", token=PAGE_TOKEN),
    get("what the account has subscribed", 200, "/v25.0/{waba}/subscribed_apps"),
    get("callbacks of the app", 200, "/v25.0/{app}/subscriptions", token=APP_TOKEN),
    get("callbacks with the page's token", (400, 100, 33), "/v25.0/{app}/subscriptions", token=PAGE_TOKEN),
    Row("a callback that does not answer", (400, 2200), path="/v25.0/{app}/subscriptions", token=APP_TOKEN,
        body={"object": "page", "callback_url": "http://127.0.0.1:1/", "fields": "messages", "verify_token": "x"}),
    Row("a callback of a strange field", (400, 100), path="/v25.0/{app}/subscriptions", token=APP_TOKEN,
        body={"object": "page", "callback_url": "http://127.0.0.1:1/", "fields": "wishes", "verify_token": "x"}),
    Row("a strange field of the page", (400, 100), path="/v25.0/me/subscribed_apps?subscribed_fields=wishes", token=PAGE_TOKEN),
    Row("a profile with nothing in it", (400, 100), path="/v25.0/me/messenger_profile", body={}, token=PAGE_TOKEN),
    Row("a greeting", 200, path="/v25.0/me/messenger_profile", token=PAGE_TOKEN, gives={"result": "success"},
        body={"greeting": [{"locale": "default", "text": "Hi"}]}),
    Row("a menu without Get Started", (400, 100), path="/v25.0/me/messenger_profile", token=PAGE_TOKEN,
        body={"persistent_menu": [{"locale": "default", "call_to_actions": [{"type": "postback", "title": "A", "payload": "A"}]}]}),
    Row("a persona", 200, path="/v25.0/me/personas", token=PAGE_TOKEN,
        body={"name": "Mia", "profile_picture_url": "https://a.example/m.png"}),
    Row("a persona with a long name", (400, 100), path="/v25.0/me/personas", token=PAGE_TOKEN,
        body={"name": "M" * 51, "profile_picture_url": "https://a.example/m.png"}),
    get("threads", 200, "/v25.0/me/conversations?platform=messenger", token=PAGE_TOKEN),
    get("who has the thread", 200, "/v25.0/me/thread_owner?recipient={psid}", token=PAGE_TOKEN),
    get("who has the thread of a stranger", (400, 100, ANY), "/v25.0/me/thread_owner?recipient=404", token=PAGE_TOKEN),
    Row("blocking nobody", (400, 131008), path="/v25.0/{number}/block_users", body={"messaging_product": "whatsapp"}),
    Row("blocking a stranger", (400, 139100), path="/v25.0/{number}/block_users",
        body={"messaging_product": "whatsapp", "block_users": [{"user": "+393990000000"}]}),
    Row("a link without words", (400, 131008), path="/v25.0/{number}/message_qrdls", body={}),
    Row("a wrong pin", (400, 133005), path="/v25.0/{number}/register", body={"messaging_product": "whatsapp", "pin": "1"}),
    get("a wrong secret", (400, 101), f"/oauth/access_token?client_id={APP}&client_secret=x&code=y", token=None),
    get("a code for a token", 200, f"/oauth/access_token?client_id={APP}&client_secret={SECRET}&code=y", token=None),
    get("a refresh of nothing", (401, 190), "/refresh_access_token?grant_type=ig_refresh_token&access_token=x", token=None),
    get("a person who never wrote", (400, 100, 2018218), "/v25.0/{silent}?fields=first_name", token=PAGE_TOKEN),
    get("her profile", 200, "/v25.0/{psid}?fields=first_name,last_name", token=PAGE_TOKEN, gives={"first_name": "Anna"}),
    get("her profile with the wrong token", (400, 100, 33), "/v25.0/{psid}"),
]  # fmt: skip
