// A sheet that comes up from the bottom of a phone: list rows, pictures to send, the menu.

import { controlAt, el, icon, spotOf } from "./dom.js";

/** One sheet a phone; while it is open it keeps the focus, Escape and the veil close it. */
export class Sheet {
  constructor(host) {
    this.host = host;
    this.open = null;
  }

  /** Show `content` under `title`; the focus goes to its first control and comes back to where it was. */
  show(title, content) {
    this.close();
    const before = document.activeElement;
    const spot = spotOf(before);
    const shut = el("button", { type: "button", class: "plain", "aria-label": "Close", onclick: () => this.close() }, icon("close"));
    const head = el("div", { class: "sheet-head" }, shut, el("h3", {}, title));
    const panel = el("div", { class: "sheet", role: "dialog", "aria-modal": "true", "aria-label": title }, head, content);
    const veil = el("div", { class: "veil", onclick: (event) => event.target === veil && this.close() }, panel);
    veil.addEventListener("keydown", (event) => this.#keys(event, panel));
    this.open = { veil, before, spot };
    this.host.append(veil);
    (content.querySelector(":is(button, input, a):not([hidden], :disabled)") ?? shut).focus();
  }

  close() {
    if (!this.open) return;
    const { veil, before, spot } = this.open;
    this.open = null;
    veil.remove();
    const back = before?.isConnected ? before : spot && controlAt(this.host, spot); // its row may have been drawn anew meanwhile
    back?.focus();
  }

  #keys(event, panel) {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
    }
    if (event.key !== "Tab") return;
    const stops = [...panel.querySelectorAll(":is(button, input, a):not([hidden], :disabled)")].filter((stop) => stop.tabIndex >= 0);
    const edge = event.shiftKey ? stops[0] : stops.at(-1);
    if (document.activeElement === edge || (edge?.type === "radio" && document.activeElement?.type === "radio" && event.shiftKey)) {
      event.preventDefault();
      (event.shiftKey ? stops.at(-1) : stops[0]).focus();
    }
  }
}

/** The rows of a list message: one is chosen, then sent. */
export function rowsForm(message, choose) {
  const send = el("button", { type: "submit", class: "primary", disabled: true }, "Send");
  const rows = message.options.map((option, index) => {
    const radio = el("input", { type: "radio", name: "row", value: String(index) });
    const words = el("span", {}, option.title, option.description ? el("small", {}, option.description) : null);
    return el("label", { class: "sheet-row" }, words, radio);
  });
  const form = el("form", { class: "sheet-body" }, el("fieldset", {}, el("legend", { class: "hidden" }, "Choose one"), rows), send);
  form.addEventListener("change", () => (send.disabled = false));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = new FormData(form).get("row");
    if (chosen !== null) choose(Number(chosen));
  });
  return form;
}

/** Things of which a tap does one at once: `[{title, glyph, image, act}]`. */
export function actions(items, look = "sheet-actions") {
  return el("div", { class: `sheet-body ${look}` }, items.map((item) => {
    const face = item.image ? el("img", { src: item.image, alt: "" }) : icon(item.glyph);
    return el("button", { type: "button", class: "sheet-action", onclick: item.act }, face, el("span", {}, item.title));
  }));
}
