// The banner over the phones: files of the bot that were changed and have errors; what was served before is served still.

import { call } from "./api.js";

const LOOK = 1500;

/** Ask again and again what is wrong with the files, and show it until it is mended. */
export function watchFlows(banner) {
  const show = (text) => {
    if (banner.dataset.text === text) return;
    banner.dataset.text = text;
    banner.hidden = !text;
    banner.querySelector("pre").textContent = text;
  };
  const look = async () => {
    if (document.hidden) return;
    try {
      show((await call("GET", "flows")).trouble);
    } catch {
      // the process is away, and the page says so elsewhere
    }
  };
  look();
  setInterval(look, LOOK);
}
