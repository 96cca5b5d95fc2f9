// The bar: who is on the phones, newcomers, starting over, and the clock.

import { call } from "./api.js";
import { clockTime, day, el } from "./dom.js";
import { PLATFORMS } from "./platforms.js";

const byId = (id) => document.getElementById(id);

export class Bar {
  /** `desk` turns to people, makes them, starts over, shows trouble. */
  constructor(desk) {
    this.desk = desk;
    this.offset = 0;
    const count = Object.keys(PLATFORMS).length;
    byId("phones-word").textContent = `one person, ${["no phone", "one phone", "two phones", "three phones", "four phones"][count]}`;
    byId("person").addEventListener("change", (event) => desk.turnTo(event.target.value));
    for (const button of document.querySelectorAll("[data-seconds]")) {
      button.addEventListener("click", () => this.#advance(Number(button.dataset.seconds)));
    }
    this.#dialog("newcomer", "somebody", (form) => this.#newcomer(form));
    this.#dialog("fresh", "start-over", () => desk.startOver());
  }

  people(people) {
    byId("person").replaceChildren(...people.map((person) => el("option", { value: person.id }, person.name)));
  }

  choose(id) {
    byId("person").value = id;
  }

  /** The emulator's clock shows this moment (seconds). */
  clock(now) {
    this.offset = now - Date.now() / 1000;
    this.tick();
  }

  tick() {
    const now = Date.now() / 1000 + this.offset;
    const date = el("span", { class: "date" }, `${day(now)} `);
    const words = `${date.textContent}${clockTime(now)}`;
    if (byId("now").textContent !== words) byId("now").replaceChildren(date, clockTime(now));
  }

  async #newcomer(form) {
    const made = await call("POST", "people", { name: form.get("name").trim(), language: form.get("language"), reads: false });
    this.desk.setPeople(await call("GET", "people"));
    await this.desk.turnTo(made.id);
  }

  async #advance(seconds) {
    try {
      await call("POST", "clock", { advance: seconds });
      this.desk.tell(`The clock was moved ${seconds === 3600 ? "one hour" : "one day"} on`);
      this.desk.refresh();
    } catch (reason) {
      this.desk.trouble(reason);
    }
  }

  #dialog(id, opener, act) {
    const dialog = byId(id);
    const form = dialog.querySelector("form");
    byId(opener).addEventListener("click", () => dialog.showModal());
    dialog.querySelector("[value=cancel]").addEventListener("click", () => dialog.close());
    form.addEventListener("submit", () => {
      const content = new FormData(form);
      form.reset();
      act(content).catch((reason) => this.desk.trouble(reason));
    });
  }
}
