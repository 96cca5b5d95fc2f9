// One phone: frame, header, thread, what can be tapped above the composer, the composer, and the sheet.

import { clockTime, controlAt, day, el, heardOnly, icon, initials, span, spotOf } from "./dom.js";
import { messageRow, typingRow } from "./message.js";
import { PLATFORMS } from "./platforms.js";
import { Posts } from "./posts.js";
import { Sheet, actions, rowsForm } from "./sheet.js";

const HINTS = { whatsapp: "Message", messenger: "Aa", instagram: "Message…", telegram: "Message" };
const PICTURES = { garden: "The garden", terrace: "A terrace", bouquet: "A bouquet" };
const HELLOS = { whatsapp: "This is a business account. What you write here is read by its bot.",
  messenger: "A page you can write to", instagram: "A business you can write to", telegram: "A bot: it may write once you have pressed Start" };
const BOTTOM_SLACK = 80;

export class Phone {
  /** `desk` does what is wished: act(platform, name, wish), open, forward, start, say, attend, others, delivered, pictures. */
  constructor(platform, business, desk) {
    this.platform = platform;
    this.business = business;
    this.desk = desk;
    this.name = PLATFORMS[platform];
    this.rows = new Map();
    this.unread = 0;
    this.link = null;
    this.thread = [];
    this.state = { starters: [], menu: [], opened: false };
    this.#build();
  }

  /** Show a thread and its state; `now` is the emulator's clock in seconds. */
  update({ thread, state }, now) {
    this.state = state;
    this.thread = thread;
    this.unread = thread.filter((message) => message.direction === "out" && message.kind !== "typing" && message.status !== "read").length;
    this.time.textContent = clockTime(now);
    this.#window(state, now);
    this.composer.hidden = state.blocked || this.#mustStart();
    if (thread.length > (this.rows.count ?? 0) && thread.at(-1).direction === "out") this.posts.messageCame();
    this.#showThread(thread);
    this.#showChips(thread, state);
    this.element.classList.toggle("is-empty", thread.length === 0);
    this.subtitle.textContent = this.#under(thread);
  }

  /** Whether the person looks at this phone. */
  setActive(active) {
    this.element.classList.toggle("active", active);
    if (active) this.element.setAttribute("aria-current", "true");
    else this.element.removeAttribute("aria-current");
  }

  /** A link was opened here: a text waits in the composer, or the thread waits to be started with the link's ref. */
  arrive(link) {
    this.link = link;
    if (link.text) this.input.value = link.text;
    this.#grow();
    this.#showChips(this.thread, this.state);
    this.focus();
  }

  /** Forget what an earlier person left here. */
  clear() {
    this.link = null;
    this.input.value = "";
    this.sheet.close();
    this.#grow();
    this.rows.clear();
    this.chipsLook = "";
    this.list.replaceChildren();
  }

  focus() {
    const target = this.composer.hidden || (this.link && !this.input.value && this.chips.querySelector("button"))
      ? this.chips.querySelector("button") : this.input;
    target?.focus({ preventScroll: true });
  }

  #build() {
    this.time = el("span", { class: "time" });
    this.subtitle = el("span", { class: "subtitle" });
    this.menuButton = el("button", { type: "button", class: "plain", "aria-label": "Menu", onclick: () => this.#menu() }, icon("more"));
    this.face = initials(this.business);
    const title = el("h2", { id: `${this.platform}-title` }, heardOnly(`${this.name}, `), this.business);
    this.list = el("div", { class: "thread", role: "log", "aria-label": `${this.name} messages`, tabindex: "0" });
    this.list.addEventListener("scroll", () => this.#scrolled());
    new ResizeObserver(() => {
      this.height = this.list.clientHeight;
      if (this.stuck) this.#toBottom();
    }).observe(this.list);
    this.chips = el("div", { class: "chips", role: "group", "aria-label": "Answers to tap" });
    this.posts = new Posts(this.platform, this.business, this.face, this.desk, { show: (...shown) => this.sheet.show(...shown), close: () => this.sheet.close() });
    this.screen = el("div", { class: "screen" },
      el("div", { class: "status-bar", "aria-hidden": "true" }, this.time, el("i", { class: "notch" }), el("i", { class: "battery" })),
      el("div", { class: "app-bar" }, icon("back", "back"), el("span", { class: "face", "aria-hidden": "true" }, this.face),
        el("div", { class: "titles" }, title, this.subtitle), this.menuButton),
      this.posts.element, this.list, this.chips, this.#makeComposer());
    this.sheet = new Sheet(this.screen);
    this.badge = el("span", { class: "badge", hidden: true });
    this.note = el("p", { class: "note" });
    const label = el("p", { class: "label" }, el("span", { class: "dot", "aria-hidden": "true" }), this.name, this.badge);
    this.element = el("section", { class: `phone ${this.platform}`, id: `phone-${this.platform}`, "aria-labelledby": `${this.platform}-title` },
      label, el("div", { class: "frame" }, this.screen), this.note);
    this.element.addEventListener("focusin", () => this.desk.attend(this.platform));
    this.element.addEventListener("pointerdown", () => this.desk.attend(this.platform));
  }

  #makeComposer() {
    this.input = el("textarea", { rows: "1", placeholder: HINTS[this.platform], "aria-label": `Message on ${this.name}`, maxlength: "4000", dir: "auto",
      oninput: () => this.#grow(), onkeydown: (event) => this.#keys(event) });
    this.sendButton = el("button", { type: "submit", class: "send", "aria-label": "Send" }, icon("send"));
    const attach = el("button", { type: "button", class: "attach", "aria-label": "Attach", onclick: () => this.#attach() }, icon("plus"));
    this.composer = el("form", { class: "composer", onsubmit: (event) => this.#submit(event) }, attach, this.input, this.sendButton);
    return this.composer;
  }

  #keys(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.composer.requestSubmit();
    }
  }

  #grow() {
    this.composer.classList.toggle("has-text", Boolean(this.input.value.trim()));
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 110)}px`;
  }

  async #submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text) return;
    const link = this.link;
    this.input.value = "";
    this.link = null;
    this.#grow();
    if (await this.desk.say(this.platform, text, link)) return;
    this.link = link;
    if (!this.input.value) this.input.value = text;
    this.#grow();
  }

  #showThread(thread) {
    const atBottom = this.stuck || this.#isAtBottom();
    const before = this.rows;
    const focused = this.list.contains(document.activeElement) ? document.activeElement : null;
    const from = spotOf(focused);
    this.rows = new Map();
    this.#keep(before, "hello", "", () => el("div", { class: "hello" }, el("span", { class: "face", "aria-hidden": "true" }, this.face),
      el("strong", {}, this.business), HELLOS[this.platform]));
    let today = "";
    thread.forEach((message, index) => {
      const date = day(message.at);
      if (date !== today) this.#keep(before, `day ${date}`, date, () => el("div", { class: "day" }, date));
      today = date;
      this.#keepMessage(before, thread, index);
    });
    const rows = [...this.rows.values()].map((row) => row.element);
    const kept = new Set(rows);
    [...this.list.children].forEach((row) => kept.has(row) || row.remove());
    rows.forEach((row, place) => this.list.children[place] === row || this.list.insertBefore(row, this.list.children[place] ?? null));
    const own = thread.length !== before.count && thread.at(-1)?.direction === "in";
    this.rows.count = thread.length;
    if (atBottom || own || !before.size) this.#toBottom();
    if (from && !focused.isConnected) controlAt(this.list, from)?.focus({ preventScroll: true });
  }

  #isAtBottom() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < BOTTOM_SLACK;
  }

  /** Where she has scrolled to; while the chips below make the thread smaller, nobody has. */
  #scrolled() {
    if (this.list.clientHeight === this.height) this.stuck = this.#isAtBottom();
  }

  /** The newest message comes into sight, and stays there when the screen changes its size. */
  #toBottom() {
    this.stuck = true;
    this.list.scrollTop = this.list.scrollHeight;
  }

  #keepMessage(before, thread, index) {
    const message = thread[index];
    if (message.kind === "typing") {
      this.#keep(before, "typing", "typing", () => typingRow(this.business, this.face));
      return;
    }
    const scene = this.#scene(thread, index);
    const { first, last, state, newest, newestOfAll, others } = scene;
    const look = JSON.stringify([message, first, last, state, newest, newestOfAll, others, Boolean(scene.quoted)]);
    this.#keep(before, message.id, look, () => messageRow(message, scene));
  }

  /** A row that looks as before stays the same element: focus, playing sounds and screen readers are not disturbed. */
  #keep(before, key, look, make) {
    const known = before.get(key);
    const row = known?.look === look ? known : { look, element: make() };
    if (!known && before.size) {
      row.element.classList.add("fresh");
      row.element.addEventListener("animationend", () => row.element.classList.remove("fresh"), { once: true });
    }
    this.rows.set(key, row);
  }

  #scene(thread, index) {
    const message = thread[index];
    const side = (other) => other && other.direction === message.direction && day(other.at) === day(message.at);
    const newestMine = thread.findLast((other) => other.direction === "in");
    const newestTheirs = thread.findLast((other) => other.direction === "out" && other.kind !== "typing");
    return {
      platform: this.platform, business: this.business, face: this.face,
      first: !side(thread[index - 1]), last: !side(thread[index + 1]),
      state: message.status === "sent" && this.desk.delivered.has(message.id) ? "delivered" : message.status || "sent",
      newest: newestMine === message, newestOfAll: newestTheirs === message,
      quoted: message.reply_to ? thread.find((other) => other.id === message.reply_to) : null,
      others: this.desk.others(),
      picture: (id) => this.desk.pictures.get(id),
      tap: (at) => this.#tap(message, at),
      open: (url) => this.desk.open(this.platform, url),
      forward: (url, person) => this.desk.forward(url, person),
      sheet: (shown) => this.#list(shown),
      place: () => this.desk.act(this.platform, "send", { kind: "location" }),
      react: (emoji) => this.desk.act(this.platform, "react", { message_id: message.id, emoji }),
    };
  }

  /** However old the button is: the answer comes at the bottom. */
  #tap(message, index) {
    this.#toBottom();
    return this.desk.act(this.platform, "tap", { message_id: message.id, index });
  }

  /** Quick replies of the newest message, or what a new thread offers. */
  #showChips(thread, state) {
    const last = thread.at(-1);
    const replies = (last?.options ?? []).map((option, index) => ({ option, index })).filter(({ option }) => option.kind === "quick_reply");
    const chips = replies.map(({ option, index }) => [option.title, () => this.#tap(last, index)]);
    const starters = this.#starters();
    starters.forEach((starter, index) => chips.push([starter.title, () => this.#start(index)]));
    const look = JSON.stringify([last?.id, chips.map(([title]) => title), state.blocked, this.link?.url]);
    if (look === this.chipsLook) return;
    this.chipsLook = look;
    const focused = this.chips.contains(document.activeElement);
    this.chips.replaceChildren(...this.#intro(state), ...chips.map(([title, act]) =>
      el("button", { type: "button", class: "chip", onclick: act }, title)));
    this.chips.classList.toggle("starters", starters.length > 0);
    if (state.blocked) this.chips.append(el("button", { type: "button", class: "chip", onclick: () => this.desk.act(this.platform, "unblock", {}) }, "Unblock"));
    if (focused) this.focus();
  }

  #intro(state) {
    const [first, ...rest] = this.desk.person.name.split(" ");
    const names = { user_first_name: first, user_last_name: rest.join(" "), user_full_name: this.desk.person.name };
    const greeting = state.greeting?.find((entry) => entry.text)?.text.replace(/\{\{(\w+)\}\}/g, (whole, name) => names[name] ?? whole);
    if (!this.#starters().length || this.platform !== "messenger") return [];
    return [el("p", { class: "greeting" }, greeting ?? `Tap to send. ${this.business} will see your public information.`)];
  }

  #start(index) {
    const link = this.link;
    this.link = null;
    if (link) this.desk.act(this.platform, "follow", { url: link.url, index });
    else this.desk.act(this.platform, "get_started", { index });
  }

  /** A new Messenger thread has a button in the place of the composer, where the page has set one. */
  #mustStart() {
    return ["messenger", "telegram"].includes(this.platform) && !this.state.opened && this.#starters().length > 0;
  }

  /** What begins a new thread; one that the business began, below a comment, is answered in words. */
  #starters() {
    return this.thread.length && !this.link ? [] : this.state.starters;
  }

  #list(message) {
    this.sheet.show(message.list_button || "Options", rowsForm(message, (index) => {
      this.sheet.close();
      this.#tap(message, index);
    }));
  }

  #attach() {
    const send = (name) => () => {
      this.sheet.close();
      this.desk.send(this.platform, name);
    };
    const items = Object.entries(PICTURES).map(([name, title]) => ({ title, image: `page/pictures/${name}.jpg`, act: send(name) }));
    items.push({ title: "Location", glyph: "place", act: send("location") });
    this.sheet.show("Send", actions(items));
  }

  /** The page's persistent menu, and blocking. */
  #menu() {
    const closing = (act) => () => {
      this.sheet.close();
      act();
    };
    const own = this.state.opened ? this.state.menu[0]?.call_to_actions ?? [] : [];
    const items = own.map((item) => ({ title: item.title, glyph: item.type === "web_url" ? "link" : "reply", act: closing(() =>
      item.type === "web_url" ? this.desk.open(this.platform, item.url) : this.desk.act(this.platform, "menu", { title: item.title })) }));
    const block = this.state.blocked ? "unblock" : "block";
    items.push({ title: `${block === "block" ? "Block" : "Unblock"} ${this.business}`, glyph: "close", act: closing(() => this.desk.act(this.platform, block, {})) });
    this.sheet.show("Menu", actions(items, "sheet-menu"));
  }

  #under(thread) {
    const typing = thread.at(-1)?.kind === "typing";
    if (typing && this.platform !== "messenger") return "typing…";
    return { whatsapp: "Business account", messenger: "Typically replies instantly", instagram: "Business chat", telegram: "bot" }[this.platform];
  }

  #window(state, now) {
    const left = state.window_closes === null ? null : state.window_closes - now;
    const closed = left !== null && left <= 0;
    const words = this.platform === "telegram" && state.opened ? "No window: the bot may write" : left === null ? "Nothing written here yet" : closed ? "24-hour window closed" : `Window open for ${span(left)}`;
    if (this.note.textContent !== words) this.note.textContent = words;
    this.note.classList.toggle("closed", closed);
  }
}
