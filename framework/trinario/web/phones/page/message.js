// One message as a phone shows it: bubble, media, buttons, ticks.

import { clockTime, el, heardOnly, icon } from "./dom.js";
import { appLink, isWebAddress, pieces } from "./links.js";

const NAMES = { image: "Photo", video: "Video", audio: "Voice message", document: "Document", sticker: "Sticker", file: "Document",
  location: "Location", contacts: "Contact" };
const GLYPHS = { image: "picture", video: "film", audio: "sound", document: "page", file: "page", sticker: "heart",
  location: "place", contacts: "person" };
const DETAILS = {
  location: (pin) => [pin.address, `${pin.latitude}, ${pin.longitude}`],
  contacts: ({ contacts }) => contacts.flatMap((one) => [one.org?.company, ...(one.phones ?? []).map((given) => given.phone),
    ...(one.emails ?? []).map((given) => given.email), ...(one.urls ?? []).map((given) => given.url)]),
};
const STATES = { sending: "sending", sent: "sent", delivered: "delivered", read: "read" };
const MARKS = { whatsapp: { "*": "strong", _: "em", "~": "s" } };
const SIGNS = { love: "❤️", like: "👍", dislike: "👎", wow: "😮", sad: "😢", angry: "😠", smile: "😆", "❤": "❤️" };
const MARKED = /(^|[\s(])([*_~])(\S(?:[^\n]*?\S)?)\2(?=$|[\s).,;:!?])/u;

/**
 * The row of a message. `scene` is {platform, business, first, last, state, quoted, picture(id), others, newest} and what can be
 * done: tap(index), open(url), forward(url, person), sheet(message), place(), react().
 */
export function messageRow(message, scene) {
  const mine = message.direction === "in";
  const sides = `row ${mine ? "mine" : "theirs"} ${scene.first ? "first" : ""} ${scene.last ? "last" : ""}`;
  const bubble = el("div", { class: `bubble kind-${message.kind}` });
  bubble.append(heardOnly(mine ? "You: " : `${scene.business}: `), ...inside(message, scene));
  if (scene.platform === "whatsapp") bubble.append(stamp(message, scene, mine));
  const body = el("div", { class: "body" }, bubble, ...below(message, scene));
  if (scene.platform !== "whatsapp") bubble.append(heardOnly(` ${clockTime(message.at)}`));
  const emoji = Object.values(message.reactions ?? {}).map((sign) => SIGNS[sign] ?? sign);
  if (emoji.length) bubble.append(el("span", { class: "reactions" }, heardOnly("Reactions: "), emoji.join("")));
  const row = el("div", { class: sides, "data-id": message.id, title: clockTime(message.at) }, body);
  if (!mine) body.append(heartButton(message, scene));
  if (!mine && scene.last && scene.platform !== "whatsapp") row.append(el("span", { class: "face mini", "aria-hidden": "true" }, scene.face));
  if (mine && scene.platform !== "whatsapp" && scene.newest) row.append(fate(scene));
  return row;
}

/** Three dots that say that the business is typing. */
export function typingRow(business, face) {
  const dots = el("div", { class: "bubble typing" }, el("i"), el("i"), el("i"), heardOnly(`${business} is typing`));
  return el("div", { class: "row theirs first last" }, el("div", { class: "body" }, dots), el("span", { class: "face mini", "aria-hidden": "true" }, face));
}

/** A text with its links alive. */
export function livingText(text, scene) {
  return pieces(text).flatMap((piece) => {
    if (!piece.url) return MARKS[scene.platform] ? marked(piece.text, MARKS[scene.platform]) : [piece.text];
    return [el("a", { href: piece.url, ...opening(piece.url, scene) }, piece.text), forwardTo(piece.url, scene)];
  });
}

function inside(message, scene) {
  const parts = [];
  if (scene.quoted) parts.push(el("blockquote", {}, scene.quoted.text || NAMES[scene.quoted.kind] || "Message"));
  if (message.by && message.by !== "team") parts.push(el("strong", { class: "head" }, message.by)); // a persona of the Page
  if (message.header) parts.push(el("strong", { class: "head" }, message.header));
  if (message.media && !message.media.elements) parts.push(media(message, scene));
  const textIsInside = (!message.media?.elements || message.kind === "carousel") && message.kind !== "location" && message.kind !== "contacts";
  if (message.text && textIsInside) parts.push(el("span", { class: "text", dir: "auto" }, livingText(message.text, scene)));
  if (message.media?.elements) parts.push(cards(message, scene));
  if (message.footer) parts.push(el("span", { class: "foot" }, message.footer));
  return parts;
}

/** Buttons, links and the list's button; quick replies stand above the composer instead. */
function below(message, scene) {
  if (message.media?.elements) return [];
  if (message.kind === "list") return [tappable("list", message.list_button || "Options", () => scene.sheet(message), "list")];
  return message.options.map((option, index) => optionButton(option, index, scene));
}

function optionButton(option, index, scene) {
  if (option.kind === "quick_reply") return null;
  if (option.kind === "url" && isWebAddress(option.url)) {
    const link = el("a", { class: "option", href: option.url, ...opening(option.url, scene) }, icon("link"), option.title);
    return el("span", { class: "option-line" }, link, forwardTo(option.url, scene));
  }
  if (option.kind === "location") return tappable("location", option.title, () => scene.place(), "place");
  return tappable(option.kind, option.title, () => scene.tap(index), option.kind === "button" ? "reply" : "");
}

function tappable(kind, title, act, glyph) {
  const parts = glyph ? [icon(glyph), title] : [title];
  return el("button", { type: "button", class: "option", "data-kind": kind, "data-key": title, onclick: act }, parts);
}

function opening(url, scene) {
  const app = appLink(url);
  if (!app) return { target: "_blank", rel: "noopener noreferrer" };
  const act = (event) => {
    event.preventDefault();
    scene.open(url);
  };
  return { onclick: act, "data-app": app.platform, "data-key": url };
}

/** A link to an app can be handed to the other people: it must not open her conversation to them. */
function forwardTo(url, scene) {
  if (!appLink(url) || !scene.others.length) return null;
  return scene.others.map((other) => {
    const label = `Forward this link to ${other.name}`;
    const act = () => scene.forward(url, other.id);
    return el("button", { type: "button", class: "forward", title: label, "aria-label": label, onclick: act }, icon("forward"));
  });
}

function media(message, scene) {
  const kind = message.media.kind ?? message.kind;
  const address = scene.picture(message.id) || message.media.url || "";
  const alt = message.text ? "" : NAMES[kind] ?? kind;
  if (kind === "image" || kind === "sticker") {
    const addresses = message.media.urls ?? [address];
    return el("span", { class: "pictures" }, addresses.map((one) => picture(one, alt, kind)));
  }
  if (kind === "video" && isWebAddress(address)) return el("video", { src: address, controls: true, preload: "metadata" });
  if (kind === "audio" && isWebAddress(address)) return el("audio", { src: address, controls: true, preload: "none" });
  const title = message.media.filename || fileName(kind, address) || (kind === "contacts" ? message.text : message.media.name) || NAMES[kind] || kind;
  const details = (DETAILS[kind]?.(message.media) ?? []).filter(Boolean);
  return el("span", { class: `card card-${kind}` }, icon(GLYPHS[kind] ?? "page"),
    el("span", {}, title, details.map((detail) => el("small", {}, detail))));
}

/** What a document without a name is called: the end of its address. */
function fileName(kind, address) {
  if (!["document", "file"].includes(kind) || !isWebAddress(address)) return "";
  try {
    return decodeURIComponent(new URL(address).pathname.split("/").pop());
  } catch {
    return "";
  }
}

function picture(address, alt, kind) {
  const stand_in = () => el("span", { class: "card card-image" }, icon(GLYPHS[kind]), el("span", {}, alt || NAMES[kind]));
  if (!isWebAddress(address)) return stand_in();
  return el("img", { src: address, alt, class: kind, onerror: (event) => event.target.replaceWith(stand_in()) });
}

function cards(message, scene) {
  let index = 0;
  const shown = message.media.elements.map((element) => {
    const buttons = (element.buttons ?? []).map(() => {
      const at = index++;
      return message.options[at] ? optionButton(message.options[at], at, scene) : null;
    });
    const image = element.image_url ? picture(element.image_url, "", "image") : null;
    const words = [element.title ? el("strong", {}, element.title) : null, element.subtitle ? el("small", {}, element.subtitle) : null];
    return el("li", { class: "element" }, [image, ...words, ...buttons].filter(Boolean));
  });
  return el("ul", { class: "elements", tabindex: "0", "aria-label": "Cards" }, shown);
}

function marked(text, marks) {
  const match = MARKED.exec(text);
  if (!match) return text ? [text] : [];
  const [whole, before, mark, words] = match;
  const rest = text.slice(match.index + whole.length);
  return [text.slice(0, match.index) + before, el(marks[mark], {}, marked(words, marks)), ...marked(rest, marks)];
}

function stamp(message, scene, mine) {
  const mark = mine ? el("span", { class: `ticks ${scene.state}` }, icon(scene.state === "sent" ? "tick" : "ticks"),
    heardOnly(STATES[scene.state])) : null;
  return el("span", { class: "stamp" }, clockTime(message.at), mark);
}

/** Messenger and Instagram tell the fate of the newest message only. */
function fate(scene) {
  if (scene.platform === "instagram") {
    return el("span", { class: "fate" }, { read: "Seen", delivered: "Delivered", sent: "Sent" }[scene.state]);
  }
  const mark = scene.state === "read" ? el("span", { class: "face" }, scene.face) : icon("tick");
  return el("span", { class: `fate ${scene.state}` }, mark, heardOnly(STATES[scene.state]));
}

function heartButton(message, scene) {
  const given = Boolean(message.reactions?.person);
  return el("button", { type: "button", class: "heart", "aria-label": "React with a heart", "aria-pressed": String(given),
    tabindex: scene.newestOfAll ? "0" : "-1", "data-key": "heart", onclick: () => scene.react(given ? "" : "❤️") }, icon("heart"));
}
