// Something happens outside, in a shop or a calendar: an event that bot.yaml declares, with its data, for the contact on the screen.

import { call } from "./api.js";
import { el } from "./dom.js";

const SAMPLES = { list: "rose, spade", url: "https://shop.example/1", email: "ana@shop.example", number: "3", money: "30", rating: "4", nps: "9",
  yes_no: "yes", date: "2030-05-01", time: "10:00", datetime: "2030-05-01T10:00", mapping: "{}", phone: "+393331234567" };
const NUMBERS = new Set(["number", "money", "rating", "nps"]);

export class Events {
  /** `trouble(reason)` shows what went wrong. */
  constructor(trouble) {
    this.trouble = trouble;
    this.contacts = [];
    this.given = new Map();
    this.select = el("select", { "aria-label": "Event", onchange: () => this.#showFields() });
    this.whom = el("select", { "aria-label": "Contact", hidden: true });
    this.fields = el("div", { class: "event-data" });
    this.told = el("output", {});
    this.button = el("button", { type: "submit" }, "Send event");
    const form = el("form", { class: "event-form" }, el("div", { class: "event-line" }, this.select, this.whom), this.fields,
      el("div", { class: "event-line" }, this.button, this.told));
    form.addEventListener("submit", (event) => this.#send(event));
    this.element = el("details", { class: "team", hidden: true }, el("summary", {}, "Send an event from outside"), form);
  }

  /** What bot.yaml declares: `[{name, data: {name: type}}]`. */
  offer(events) {
    const look = JSON.stringify(events);
    if (look === this.look) return;
    this.look = look;
    this.events = new Map(events.map((event) => [event.name, event.data]));
    const before = this.select.value;
    this.select.replaceChildren(...events.map(({ name }) => el("option", { value: name }, name)));
    if (this.events.has(before)) this.select.value = before;
    this.element.hidden = !events.length;
    this.#showFields();
  }

  /** Whom the bot knows behind the phones. */
  meet(contacts) {
    const look = contacts.map((one) => one.id).join(" ");
    if (look === this.met) return;
    this.met = look;
    this.whom.replaceChildren(...contacts.map((one) => el("option", { value: one.id },
      `contact ${one.id} (${[...new Set(one.identities.map((identity) => identity.channel))].join(", ")})`)));
    this.whom.hidden = contacts.length < 2;
    this.button.disabled = !contacts.length;
    this.told.textContent = contacts.length ? "" : "The bot knows nobody here yet: write to it first.";
  }

  #showFields() {
    const fields = Object.entries(this.events?.get(this.select.value) ?? {});
    this.fields.replaceChildren(...fields.map(([name, type]) => {
      const input = el("input", { name, value: this.given.get(name) ?? sample(name, type), maxlength: "2000", autocomplete: "off",
        "data-type": type, oninput: () => this.given.set(name, input.value) });
      return el("label", {}, el("span", {}, name, el("small", {}, ` ${type}`)), input);
    }));
  }

  async #send(event) {
    event.preventDefault();
    const name = this.select.value;
    const inputs = [...this.fields.querySelectorAll("input")].filter((input) => input.value.trim());
    const data = Object.fromEntries(inputs.map((input) => [input.name, value(input.value.trim(), input.dataset.type)]));
    try {
      await call("POST", "events", { contact: this.whom.value, event: name, data });
      this.told.textContent = `${name} was sent. What waits comes when you move the clock.`;
    } catch (reason) {
      this.trouble(reason);
    }
  }
}

function sample(name, type) {
  return SAMPLES[type] ?? (name.endsWith("_id") ? `${name.slice(0, -3)}-1` : name);
}

/** What was typed, as the event brings it; what is no such value goes as text, and the bot says so. */
function value(text, type) {
  if (NUMBERS.has(type)) return Number.isFinite(Number(text)) ? Number(text) : text;
  if (type === "list" && !text.startsWith("[")) return text.split(",").map((part) => part.trim()).filter(Boolean);
  if (type !== "list" && type !== "mapping") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
