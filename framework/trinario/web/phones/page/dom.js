// Elements, icons and words of time. Whatever people wrote goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  back: "M14 5l-7 7 7 7",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  plus: "M12 5v14M5 12h14",
  send: "M4 12l16-7-6 16-3-7-7-2z",
  close: "M6 6l12 12M18 6L6 18",
  list: "M8 7h11M8 12h11M8 17h11M4.5 7v.01M4.5 12v.01M4.5 17v.01",
  link: "M10 6H6v12h12v-4M13 5h6v6M19 5l-9 9",
  reply: "M10 8l-5 4 5 4M5 12h9a5 5 0 0 1 5 5v1",
  forward: "M14 8l5 4-5 4M19 12h-9a5 5 0 0 0-5 5v1",
  heart: "M12 20s-7-4.6-7-10a4 4 0 0 1 7-2.4A4 4 0 0 1 19 10c0 5.4-7 10-7 10z",
  tick: "M5 13l4 4 9-10",
  ticks: "M2 13l4 4 8-9M10 16l1.500 1.500 9-9.500",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 9v.01",
  sound: "M6 10v4M10 7v10M14 9v6M18 11v2",
  film: "M4 6h16v12H4zM10 9.500l5 2.500-5 2.500z",
  page: "M7 3h7l4 4v14H7zM14 3v4h4",
  place: "M12 21s7-6.500 7-12a7 7 0 0 0-14 0c0 5.500 7 12 7 12zM12 9v.01",
  person: "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4.500 3.500-7 8-7s8 2.500 8 7",
  right: "M5 12h14M13 6l6 6-6 6",
  left: "M19 12H5M11 6l-6 6 6 6",
};

/** An element; `on…` properties are listeners, `class` and `data-…`/`aria-…` are attributes, strings become text. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** A line drawing, invisible to screen readers. */
export function icon(name, extra = "") {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", `icon ${extra}`.trim());
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  drawing.append(path);
  return drawing;
}

/** Words for those who listen to the page. */
export function heardOnly(text) {
  return el("span", { class: "hidden" }, text);
}

/** The first letters of up to two words. */
export function initials(name) {
  const letters = name.trim().split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? "");
  return letters.join("").toUpperCase() || "?";
}

/** 09:41, from seconds. */
export function clockTime(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
}

/** Sun 22 Nov, from seconds. */
export function day(seconds) {
  return new Date(seconds * 1000).toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short" });
}

/** 23 h 5 min, from seconds. */
export function span(seconds) {
  const minutes = Math.max(0, Math.round(seconds / 60));
  const hours = Math.floor(minutes / 60);
  return hours ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}

/** Where a control of a thread stands, for when its row is drawn anew; null for what is none. */
export function spotOf(control) {
  const key = control?.dataset?.key;
  return key ? { key, row: control.closest("[data-id]")?.dataset.id ?? "" } : null;
}

/** The control that stands there now. */
export function controlAt(root, spot) {
  return root.querySelector(`[data-id="${CSS.escape(spot.row)}"] [data-key="${CSS.escape(spot.key)}"]`);
}
