// What the bot's files say now: a banner over the phones while they have errors, and what the flows listen to besides messages.

import { call } from "./api.js";

const LOOK = 1500;

/** Ask again and again; what is wrong is shown until it is mended, `heard({posts, events})` gets the rest. */
export function watchFlows(banner, heard) {
  const show = (text) => {
    if (banner.dataset.text === text) return;
    banner.dataset.text = text;
    banner.hidden = !text;
    banner.querySelector("pre").textContent = text;
  };
  const look = async () => {
    if (document.hidden) return;
    try {
      const { trouble, ...reacts } = await call("GET", "flows");
      show(trouble);
      heard(reacts);
    } catch {
      // the process is away, and the page says so elsewhere
    }
  };
  look();
  setInterval(look, LOOK);
}
