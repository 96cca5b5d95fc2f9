// What an entry of the emulator's log says in a few words: `{way, title, text, tone, sort, told}`.

const ACTIONS = { typing_on: "typing", typing_off: "typing ends", mark_seen: "read mark", react: "reaction", unreact: "reaction taken back" };

/**
 * `way` is `in` (Meta calls the bot), `out` (the bot calls Meta), `act` (a person, the clock) or `rule` (a violation); `tone` is
 * `good`, `bad` or empty; `sort` is message, receipt or other; `told` is the id of a message that the bot has taken.
 */
export function describe(entry) {
  const made = { graph, webhook, violation, control }[entry.kind]?.(entry);
  return made ?? { way: "act", title: entry.kind, text: "", tone: "", sort: "other" };
}

function graph(entry) {
  const tone = entry.accepted ? "good" : "bad";
  const error = entry.answer?.error ?? botError(entry.answer);
  const request = entry.request ?? {};
  const [title, text, sort] = sent(request, entry);
  const reason = error ? `${error.code} ${error.error_data?.details || (error.message ?? "").replace(/^\(#\d+\) /, "")}` : "";
  return { way: "out", title, text: reason || text, tone, sort, status: entry.status === 0 ? "cut" : entry.status };
}

function sent(request, entry) {
  if (request.status === "read") return [request.typing_indicator ? "read, typing" : "read mark", "", "receipt"];
  if (request.sender_action) return [ACTIONS[request.sender_action] ?? request.sender_action, "", "receipt"];
  if (request.messaging_product && request.type) return [`send ${request.interactive?.type ?? request.type}`, whatsappWords(request), "message"];
  if (request.chat_id) return [tail(entry.path), request.text ?? request.caption ?? request.title ?? request.action ?? "", request.action ? "receipt" : "message"];
  if (entry.path?.startsWith("/bot***/")) return [tail(entry.path), "", request.callback_query_id ? "receipt" : "other"];
  if (request.message) return [`send ${pageKind(request.message)}`, pageWords(request.message), "message"];
  return [`${entry.method} ${tail(entry.path)}`, "", "other"];
}

/** What Telegram answers when it refuses, in the form of Meta's errors. */
function botError(answer) {
  return answer?.ok === false ? { code: answer.error_code, message: answer.description } : undefined;
}

function whatsappWords(request) {
  const content = request[request.type] ?? {};
  return content.body?.text ?? content.body ?? content.caption ?? content.name ?? content.link ?? "";
}

function pageKind(message) {
  if (message.quick_replies?.length) return "quick replies";
  const attachment = message.attachment;
  return attachment ? attachment.payload?.template_type ?? attachment.type : "text";
}

function pageWords(message) {
  const payload = message.attachment?.payload;
  return message.text ?? payload?.text ?? payload?.elements?.[0]?.title ?? payload?.url ?? "";
}

function tail(path) {
  return path.replace(/^\/v\d+\.\d+/, "").replace("/bot***/", "");
}

function webhook(entry) {
  const good = entry.status === 200;
  const about = entry.field === "verify" ? { title: "verification", text: entry.url ?? "", sort: "other" } : told(entry.body) ?? { title: entry.field, text: "", sort: "other" };
  const again = entry.attempt > 1 ? ` · attempt ${entry.attempt}` : "";
  return { way: "in", tone: good ? "good" : "bad", ...about, title: about.title + again, text: good ? about.text : entry.error || about.text,
    told: good ? about.id : undefined, status: entry.status ?? "no answer" };
}

function told(body) {
  const first = body?.entry?.[0];
  const value = first?.changes?.[0]?.value;
  if (value?.statuses) return { title: value.statuses[0].status, text: value.statuses[0].errors?.[0]?.title ?? "", sort: "receipt" };
  if (value?.messages) return toldByWhatsapp(value.messages[0]);
  if (value && ["feed", "comments", "live_comments"].includes(first?.changes?.[0]?.field)) return toldByPost(value);
  if (first?.messaging) return toldByPage(first.messaging[0]);
  return body?.update_id ? toldByBot(body) : null;
}

function toldByWhatsapp(message) {
  const reply = message.interactive?.button_reply ?? message.interactive?.list_reply;
  const text = message.text?.body ?? reply?.title ?? message.button?.text ?? message.reaction?.emoji ?? message[message.type]?.caption ?? "";
  return { title: reply ? "tap" : message.type, text, sort: "message", id: message.id };
}

function toldByBot(update) {
  const { message, callback_query: tap, message_reaction: reaction } = update;
  const id = message && `${message.chat.id}:${message.message_id}`;
  if (message) return { title: message.photo ? "photo" : message.text?.startsWith("/") ? "command" : "message", text: message.text ?? message.caption ?? "", sort: "message", id };
  if (tap) return { title: "tap", text: tap.data, sort: "message" };
  if (reaction) return { title: "reaction", text: reaction.new_reaction[0]?.emoji ?? "", sort: "message" };
  const sort = Object.keys(update).find((name) => name !== "update_id");
  return { title: sort.replaceAll("_", " "), text: update.my_chat_member?.new_chat_member.status ?? update[sort].text ?? "", sort: "message" };
}

function toldByPage(event) {
  const { message, postback, referral, reaction } = event;
  if (message?.is_echo) return { title: "echo", text: message.text ?? "", sort: "receipt" };
  if (message) return { title: message.quick_reply ? "quick reply" : message.attachments?.[0]?.type ?? "text", text: message.text ?? "", sort: "message", id: message.mid };
  if (postback) return { title: "postback", text: withRef(postback.title, postback.referral), sort: "message", id: postback.mid };
  if (referral) return { title: "referral", text: withRef("", referral), sort: "message" };
  if (reaction) return { title: "reaction", text: reaction.emoji ?? "", sort: "message" };
  const receipt = ["delivery", "read"].find((name) => event[name]);
  return receipt ? { title: { delivery: "delivered", read: "read" }[receipt], text: "", sort: "receipt" } : null;
}

/** Messenger and Instagram tell of comments each in its own words. */
function toldByPost(value) {
  return { title: value.parent_id && value.parent_id !== value.post_id ? "answer to a comment" : "comment", text: value.message ?? value.text ?? "", sort: "message" };
}

function withRef(text, referral) {
  return [text, referral?.ref && `ref ${referral.ref}`].filter(Boolean).join(" · ");
}

function violation(entry) {
  return { way: "rule", title: entry.rule, text: entry.details ?? entry.message ?? "", tone: "bad", sort: "refusal" };
}

function control(entry) {
  if (entry.what === "clock") return { way: "act", title: "clock", text: entry.iso ?? "", tone: "", sort: "other" };
  const act = entry.act ?? {};
  return { way: "act", title: entry.what.replace("_", " "), text: act.text || act.ref || "", tone: "", sort: entry.what === "read" ? "receipt" : "message" };
}
