// What the bot knows: contacts with their identities, fields and tags, and where their sessions stand.

import { el } from "./dom.js";
import { PLATFORMS } from "./platforms.js";

const IDS = { whatsapp: ["wa_id", "user_id"], messenger: ["psid"], instagram: ["igsid"], telegram: ["telegram_id"] };

export class Known {
  constructor(host) {
    this.host = host;
    this.look = "";
  }

  /** Show the `contacts` behind a person; what changed flashes. */
  update(contacts, person) {
    const look = JSON.stringify([contacts, person.id]);
    if (look === this.look) return;
    this.look = look;
    if (!contacts.length) {
      this.host.replaceChildren(el("p", { class: "nothing" }, `Nothing yet: ${person.name} is a stranger on every channel.`),
        rails([], person));
      return;
    }
    this.host.replaceChildren(...contacts.map((contact) => card(contact, person)));
  }
}

function card(contact, person) {
  const name = [contact.first_name, contact.last_name].filter(Boolean).join(" ") || "No name yet";
  const chips = [chip(contact.language, "language"), chip(owner(contact), contact.owner === "person" ? "owner person" : "owner"),
    ...(contact.tags ?? []).map((tag) => chip(`#${tag}`, "tag"))];
  const sessions = contact.sessions ?? [];
  return el("article", { class: "contact", "aria-label": `Contact ${name}` },
    el("header", {}, el("h3", {}, name), el("code", { title: "The number of this contact in the database and in the API" }, `contact ${String(contact.id).slice(0, 8)}`), el("span", { class: "chipline" }, chips)),
    rails(contact.identities ?? [], person), pairs("Fields", contact.fields ?? {}), files(contact.files ?? []), sessions.map(session));
}

function owner(contact) {
  return contact.owner === "person" ? "a person of the team answers" : "the bot answers";
}

function chip(text, kind) {
  return text ? el("span", { class: `tag ${kind}` }, text) : null;
}

/** The three channels: under which identity she is known there, or that she was not met. */
function rails(identities, person) {
  const rows = Object.entries(PLATFORMS).map(([platform, title]) => {
    const own = Object.entries(person.phones[platform] ?? {}).filter(([kind]) => IDS[platform].includes(kind)).map(([, value]) => value);
    const met = identities.filter((identity) => identity.channel === platform || own.includes(identity.value));
    const shown = met.length ? met.map((identity) => el("code", { title: identity.kind }, identity.value)) : [el("span", { class: "unmet" }, "not met yet")];
    return el("li", { class: `rail ${platform} ${met.length ? "met" : ""}` }, el("span", { class: "dot", "aria-hidden": "true" }), el("span", { class: "rail-name" }, title), el("span", { class: "ids" }, shown));
  });
  return el("ul", { class: "rails-list", "aria-label": "Identities" }, rows);
}

function session(one) {
  const head = el("h4", {}, el("strong", {}, one.flow), one.step ? el("span", { class: "at" }, el("span", { "aria-hidden": "true" }, "▸ "), one.step) : null,
    el("span", { class: `tag status ${one.status}` }, one.status));
  return el("section", { class: "session", "aria-label": `Session ${one.flow}` }, head, pairs("Answers", one.answers ?? {}));
}

/** The files that she sent, and what became of the bot's copies. */
function files(list) {
  if (!list.length) return null;
  const rows = list.map((one) => el("div", {},
    el("dt", { title: one.id }, one.filename || one.kind),
    el("dd", { title: one.reason || one.mime_type }, el("span", { class: `tag file ${one.status}` }, one.status),
      ` ${one.status === "stored" ? bytes(one.size) : one.reason}`)));
  return el("dl", { class: "pairs", "aria-label": "Files" }, rows);
}

function bytes(size) {
  if (size < 1000) return `${size} bytes`;
  return size < 1e6 ? `${Math.round(size / 1000)} kB` : `${(size / 1e6).toFixed(1)} MB`;
}

function pairs(title, values) {
  const entries = Object.entries(values).filter(([, value]) => value !== null && value !== "");
  if (!entries.length) return null;
  const rows = entries.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, words(value))));
  return el("dl", { class: "pairs", "aria-label": title }, rows);
}

function words(value) {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((one) => typeof one !== "object")) return value.join(", ");
  return JSON.stringify(value);
}
