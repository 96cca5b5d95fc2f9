// The wire: every webhook, Graph call, refusal and act as it happens, newest first, each opening to its JSON.

import { el, icon } from "./dom.js";
import { describe } from "./entry.js";

const KEEP = 300;
const SORTS = { all: "All", message: "Messages", refusal: "Refused" };
const WAYS = { in: "webhook", out: "Graph", act: "phone", rule: "Meta objects" };
const GLYPHS = { in: "right", out: "left", act: "person", rule: "close" };

export class Wire {
  /** `nameOf(person)` gives a person's name; `told(id)` hears which messages the bot has taken. */
  constructor(host, filter, { nameOf, told }) {
    this.host = host;
    this.nameOf = nameOf;
    this.told = told;
    this.refusedBy = null;
    for (const [sort, title] of Object.entries(SORTS)) {
      const radio = el("input", { type: "radio", name: "sort", value: sort, checked: sort === "all", onchange: () => (host.dataset.show = sort) });
      filter.append(el("label", {}, radio, el("span", {}, title)));
    }
    host.dataset.show = "all";
  }

  /** One more entry of the log. A violation that comes with a refused call is shown as the rule of that call. */
  add(entry) {
    if (entry.kind === "violation" && entry.path) {
      this.refusedBy = entry;
      return;
    }
    const rule = entry.kind === "graph" && this.refusedBy?.path === entry.path && !entry.accepted ? this.refusedBy.rule : "";
    if (entry.kind === "graph") this.refusedBy = null;
    const about = describe(entry);
    if (about.told) this.told(about.told);
    this.host.prepend(this.#row(entry, about, rule));
    while (this.host.children.length > KEEP) this.host.lastChild.remove();
  }

  clear() {
    this.host.replaceChildren();
  }

  #row(entry, about, rule) {
    const platform = entry.platform || entry.act?.platform || "";
    const who = this.nameOf(entry.person || entry.act?.person);
    const time = new Date(entry.at * 1000).toLocaleTimeString([], { hour12: false });
    const summary = el("summary", {},
      el("time", {}, time), el("span", { class: `dot ${platform}`, title: platform }), el("span", { class: "way" }, icon(GLYPHS[about.way])),
      el("span", { class: "what" }, el("small", {}, WAYS[about.way]), " ", el("strong", {}, about.title), about.text ? ` ${about.text}` : "", rule ? el("em", {}, ` ${rule}`) : null), about.status === undefined ? null : el("span", { class: "code" }, String(about.status)));
    const details = el("details", { class: `wire-row ${about.tone}` }, summary);
    details.addEventListener("toggle", () => details.open && details.childElementCount === 1 && details.append(...sheets(entry, who, rule)));
    const sort = about.tone === "bad" ? "refusal" : about.sort;
    return el("li", { "data-sort": sort, "data-also": about.sort }, details);
  }
}

function sheets(entry, who, rule) {
  const head = [who, entry.method && `${entry.method} ${entry.path}`, entry.field && `webhook ${entry.field}`, rule && `rule ${rule}`, `log entry ${entry.n}`];
  const parts = [el("p", {}, head.filter(Boolean).join(" · "))];
  for (const [title, content] of bodies(entry)) {
    parts.push(el("h4", {}, title), el("pre", { tabindex: "0", "aria-label": title }, typeof content === "string" ? content : JSON.stringify(content, null, 2)));
  }
  return parts;
}

function bodies(entry) {
  if (entry.kind === "graph") return [["Request", entry.request], ["Answer", entry.answer ?? "the connection was cut"]];
  if (entry.kind === "webhook") return [["Body", entry.body ?? ""], ["The bot's answer", entry.error || String(entry.status)]];
  const { n, at, kind, ...rest } = entry;
  return [[kind === "violation" ? "Violation" : "Act", rest]];
}
