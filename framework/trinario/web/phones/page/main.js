// The page: one person at a time, three phones, what the bot knows, and the wire; everything meets here.

import { Unmet, call, follow } from "./api.js";
import { Bar } from "./bar.js";
import { Events } from "./events.js";
import { watchFlows } from "./flows.js";
import { Known } from "./known.js";
import { appLink, isWebAddress } from "./links.js";
import { Phone } from "./phone.js";
import { FIRST_PLATFORM, PLATFORMS } from "./platforms.js";
import { Tabs } from "./tabs.js";
import { teamForm } from "./team.js";
import { Wire } from "./wire.js";

const FIRST = { id: "ana", name: "Ana Ruiz", language: "en", reads: false };
const SETTLE = 70;
const KNOWN_AGAIN = 700;
const READ_AFTER = 700;
const GLANCE = 5000;
const TROUBLE_STAYS = 7000;

const byId = (id) => document.getElementById(id);
const business = document.body.dataset.title;

class Desk {
  constructor() {
    this.people = new Map();
    this.person = null;
    this.delivered = new Set();
    this.pictures = new Map(Object.entries(JSON.parse(sessionStorage.getItem("pictures") ?? "{}")));
    this.phones = new Map(Object.keys(PLATFORMS).map((platform) => [platform, new Phone(platform, business, this)]));
    this.known = new Known(byId("known"));
    this.events = new Events((reason) => this.trouble(reason));
    document.querySelector(".known").append(this.events.element, teamForm((platform, text) => this.#team(platform, text)));
    this.wire = new Wire(byId("wire"), document.querySelector(".filter"), {
      nameOf: (id) => this.nameOf(id), told: (id) => this.delivered.add(id) });
    this.bar = new Bar(this);
    this.tabs = new Tabs(document.querySelector(".tabs"), (platform) => this.attend(platform));
    byId("phones").append(...[...this.phones.values()].map((phone) => phone.element));
    this.attend(sessionStorage.getItem("platform") ?? FIRST_PLATFORM);
  }

  async start() {
    await this.meet();
    watchFlows(byId("flows"), (reacts) => this.#reacts(reacts));
    follow((entry) => this.#heard(entry), (connected) => this.#connected(connected));
    setInterval(() => this.bar.tick(), 1000);
    setInterval(() => document.hidden || this.refresh(), GLANCE);
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
  }

  /** The person turns to this phone: it is marked, and what is unread there gets read. */
  attend(platform) {
    const known = this.phones.has(platform) ? platform : FIRST_PLATFORM;
    if (known !== this.active) {
      this.active = known;
      sessionStorage.setItem("platform", known);
      this.phones.forEach((phone, name) => phone.setActive(name === known));
      this.tabs.choose(known);
    }
    this.#readSoon();
  }

  /** Do something on a phone; the answer, or null after a refusal that was shown. */
  async act(platform, name, wish) {
    if (!this.person) return null;
    try {
      const done = await call("POST", `people/${encodeURIComponent(this.person.id)}/${name}`, { platform, ...wish });
      this.refresh();
      return done;
    } catch (reason) {
      this.trouble(reason);
      return null;
    }
  }

  /** She sends a text, perhaps out of a link that brought her here. */
  async say(platform, text, link) {
    const starters = this.phones.get(platform).state.starters;
    if (link && platform === "whatsapp") return this.act(platform, "follow", { url: link.url, text });
    if (link && platform === "instagram" && starters.length) return this.act(platform, "follow", { url: link.url, text });
    if (link?.ref) this.trouble(new Unmet(`${PLATFORMS[platform]} has nothing to start a thread with, so the link's ref is lost.`, 409));
    return this.act(platform, "say", { text });
  }

  /** She sends a sample picture, or where she is. */
  async send(platform, name) {
    if (name === "location") return this.act(platform, "send", { kind: "location", name: "Lucky Garden", latitude: 45.4642, longitude: 9.19 });
    const url = new URL(`page/pictures/${name}.jpg`, document.baseURI).href;
    const done = await this.act(platform, "send", { kind: "image", url });
    if (done?.id) {
      this.pictures.set(done.id, url);
      sessionStorage.setItem("pictures", JSON.stringify(Object.fromEntries(this.pictures)));
      this.refresh();
    }
    return done;
  }

  /** A link was tapped: the app it belongs to opens, as it would on a real phone. */
  async open(platform, url) {
    const link = appLink(url);
    if (!link) {
      if (isWebAddress(url)) window.open(url, "_blank", "noopener,noreferrer");
      return;
    }
    const phone = this.phones.get(link.platform);
    this.attend(link.platform);
    this.tell(`${PLATFORMS[link.platform]} opens`);
    phone.element.scrollIntoView({ block: "nearest", inline: "center", behavior: "smooth" });
    if (link.ref && (link.platform === "telegram" || (link.platform !== "whatsapp" && phone.state.opened))) {
      await this.act(platform, "follow", { url });
      phone.focus();
    } else phone.arrive(link);
  }

  /** Somebody else gets the link and opens it on their own phone. */
  async forward(url, person) {
    await this.turnTo(person);
    await this.open(appLink(url).platform, url);
  }

  /** Everybody but the person on the screen. */
  others() {
    return [...this.people.values()].filter((person) => person.id !== this.person.id).map(({ id, name }) => ({ id, name }));
  }

  /** What somebody is called, "" if nobody is. */
  nameOf(id) {
    return this.people.get(id)?.name ?? "";
  }

  /** Put another person's phones on the screen. */
  async turnTo(id) {
    this.person = this.people.get(id);
    sessionStorage.setItem("person", id);
    this.bar.choose(id);
    this.phones.forEach((phone) => phone.clear());
    await this.#load();
  }

  /** Look at everything again, soon and once, however often it is asked for. */
  refresh() {
    this.settling ??= setTimeout(() => {
      this.settling = null;
      this.#load();
    }, SETTLE);
  }

  /** Say what went wrong. */
  trouble(reason) {
    if (!(reason instanceof Unmet)) throw reason;
    const box = byId("trouble");
    box.textContent = reason.message;
    box.hidden = false;
    clearTimeout(this.troubled);
    this.troubled = setTimeout(() => (box.hidden = true), TROUBLE_STAYS);
  }

  /** Tell those who listen to the page. */
  tell(words) {
    byId("said").textContent = words;
  }

  /** Everybody who has phones. */
  setPeople(people) {
    this.people = new Map(people.map((person) => [person.id, person]));
    this.bar.people(people);
  }

  /** Forget all and everybody, and begin with somebody new. */
  async startOver() {
    await call("DELETE", "people");
    sessionStorage.clear();
    this.pictures.clear();
    this.delivered.clear();
    this.wire.clear();
    await this.meet();
    this.attend(FIRST_PLATFORM);
  }

  /** Turn to whoever was on the screen last, or to the first; where nobody is, somebody is made. */
  async meet() {
    try {
      let people = await call("GET", "people");
      if (!people.length) {
        await call("POST", "people", FIRST).catch((reason) => reason.status === 409 || Promise.reject(reason));
        people = await call("GET", "people");
      }
      this.setPeople(people);
      const last = sessionStorage.getItem("person");
      await this.turnTo(this.people.has(last) ? last : people[0].id);
    } catch (reason) {
      this.trouble(reason);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await this.meet();
    }
  }

  /** One look at a time; who asks meanwhile waits for the next one, which sees what happened since. */
  async #load() {
    if (this.loading) {
      this.next ??= this.loading.catch(() => null).then(() => {
        this.next = null;
        return this.#load();
      });
      return this.next;
    }
    this.loading = this.#look();
    try {
      return await this.loading;
    } finally {
      this.loading = null;
    }
  }

  async #look() {
    const person = this.person;
    try {
      const seen = await call("GET", `people/${encodeURIComponent(person.id)}/phones`);
      if (person === this.person) this.#show(seen);
      const known = await call("GET", `people/${encodeURIComponent(person.id)}/known`);
      if (person !== this.person) return;
      this.known.update(known.contacts, person);
      this.events.meet(known.contacts);
      if (this.posts?.length) this.#showComments(await call("GET", "comments"));
    } catch (reason) {
      if (reason.status === 404) location.reload();
      else if (reason.status !== 0) this.trouble(reason);
    }
  }

  #showComments(comments) {
    this.phones.forEach((phone) => phone.posts.update(comments));
  }

  /** What the flows listen to besides messages; other files may listen to other things. */
  #reacts({ posts, events }) {
    this.events.offer(events);
    const look = JSON.stringify(posts);
    if (look === this.reactsLook) return;
    this.reactsLook = look;
    this.posts = posts;
    this.phones.forEach((phone) => phone.posts.offer(posts));
    this.refresh();
  }

  #show({ clock, phones }) {
    this.bar.clock(clock.now);
    this.phones.forEach((phone, platform) => {
      phone.element.hidden = !phones[platform];
      if (phones[platform]) phone.update(phones[platform], clock.now);
      const unread = platform === this.active ? 0 : phone.unread;
      phone.badge.hidden = !unread;
      phone.badge.textContent = unread ? `${unread} new` : "";
      this.tabs.badge(platform, unread);
    });
    this.#readSoon();
  }

  #readSoon() {
    clearTimeout(this.reading);
    const phone = this.phones.get(this.active);
    const unread = `${this.person?.id} ${phone.thread?.findLast((message) => message.id && message.direction === "out")?.id}`;
    if (!this.person || document.hidden || !phone.unread || unread === this.wasRead) return;
    this.reading = setTimeout(() => {
      this.wasRead = unread;
      this.act(this.active, "read", {});
    }, READ_AFTER);
  }

  #heard(entry) {
    this.wire.add(entry);
    this.refresh();
    if (entry.kind === "webhook" || entry.kind === "graph") {
      clearTimeout(this.thinking);
      this.thinking = setTimeout(() => this.refresh(), KNOWN_AGAIN);
    }
  }

  #connected(connected) {
    document.body.classList.toggle("away", !connected);
    if (!connected) {
      this.wasAway = true;
      byId("trouble").hidden = false;
      byId("trouble").textContent = "The bot's process is away. Meta keeps what it has to deliver; this page comes back by itself.";
    } else if (this.wasAway) {
      this.wasAway = false;
      byId("trouble").hidden = true;
      this.refresh();
    }
  }

  /** A person of the team answers in Meta's own app: the bot hears its echo and steps back. */
  async #team(platform, text) {
    try {
      await call("POST", `team/${platform}/say`, { person: this.person.id, text });
      this.refresh();
      return true;
    } catch (reason) {
      this.trouble(reason);
      return false;
    }
  }
}

new Desk().start();
