// A person of the team writes to her in Meta's own app, past the bot; a Telegram bot has none.

import { el } from "./dom.js";
import { PLATFORMS } from "./platforms.js";

/** The form; `say(platform, text)` tells whether it went. */
export function teamForm(say) {
  const platforms = Object.entries(PLATFORMS).filter(([platform]) => platform !== "telegram").map(([platform, title]) => el("option", { value: platform }, title));
  const select = el("select", { "aria-label": "Channel" }, platforms);
  const input = el("input", { "aria-label": "Message of the team", placeholder: "Answer past the bot", maxlength: "1000", autocomplete: "off" });
  const form = el("form", {}, select, input, el("button", { type: "submit" }, "Write"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (text && (await say(select.value, text))) input.value = "";
  });
  return el("details", { class: "team" }, el("summary", {}, "Write as a person of the team"), form);
}
