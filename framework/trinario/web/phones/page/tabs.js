// On a small screen one phone is shown at a time; these are its tabs.

import { el, heardOnly } from "./dom.js";
import { PLATFORMS } from "./platforms.js";

export class Tabs {
  /** `chosen(platform)` hears which phone is wanted. */
  constructor(host, chosen) {
    this.tabs = new Map();
    const names = Object.keys(PLATFORMS);
    names.forEach((platform, index) => {
      const badge = el("span", { class: "badge", hidden: true });
      const tab = el("button", { type: "button", role: "tab", class: platform, id: `tab-${platform}`, "aria-controls": `phone-${platform}`,
        onclick: () => chosen(platform), onkeydown: (event) => move(event, index) }, el("span", { class: "dot", "aria-hidden": "true" }), PLATFORMS[platform], badge);
      this.tabs.set(platform, { tab, badge });
      host.append(tab);
    });
    const move = (event, index) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const next = names[(index + step + names.length) % names.length];
      chosen(next);
      this.tabs.get(next).tab.focus();
    };
  }

  choose(platform) {
    this.tabs.forEach(({ tab }, name) => {
      tab.setAttribute("aria-selected", String(name === platform));
      tab.tabIndex = name === platform ? 0 : -1;
    });
  }

  badge(platform, unread) {
    const { badge } = this.tabs.get(platform);
    badge.hidden = !unread;
    badge.replaceChildren(...(unread ? [String(unread), heardOnly(" new")] : []));
  }
}
