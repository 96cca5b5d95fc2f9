// Links in texts, and the links that open one of the apps.

import { PLATFORMS } from "./platforms.js";

const LINK = /https?:\/\/[^\s<>"']+/g;
const TAIL = /[.,;:!?)\]]+$/;
const HOSTS = { "wa.me": "whatsapp", "api.whatsapp.com": "whatsapp", "m.me": "messenger", "ig.me": "instagram",
  "t.me": "telegram" };

/** `{platform, url, ref, text}` of a link that opens an app on one of the phones, else null. */
export function appLink(url) {
  let parts;
  try {
    parts = new URL(url);
  } catch {
    return null;
  }
  const platform = HOSTS[parts.hostname.replace(/^www\./, "")];
  if (!(platform in PLATFORMS)) return null;
  const ref = parts.searchParams.get("ref") ?? parts.searchParams.get("start") ?? "";
  return { platform, url, ref, text: parts.searchParams.get("text") ?? "" };
}

/** Whether a browser may be sent there. */
export function isWebAddress(url) {
  return /^https?:\/\//i.test(url);
}

/** A text in pieces: `{text}` or `{text, url}`, in order. */
export function pieces(text) {
  const found = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const url = match[0].replace(TAIL, "");
    if (match.index > end) found.push({ text: text.slice(end, match.index) });
    found.push({ text: url, url });
    end = match.index + url.length;
  }
  if (end < text.length) found.push({ text: text.slice(end) });
  return found;
}
