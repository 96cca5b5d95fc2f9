// The posts of the business on one phone: a line above the chat, and a sheet with the posts, their comments and a field for one more.

import { clockTime, el, heardOnly, icon } from "./dom.js";

const PICTURES = ["bouquet", "garden", "terrace"];

export class Posts {
  /** `desk` does what is wished: act(platform, name, wish), nameOf(person); `sheet` is the phone's. */
  constructor(platform, business, face, desk, sheet) {
    Object.assign(this, { platform, business, face, desk, sheet, posts: [], comments: [], lists: new Map() });
    this.title = el("span", { class: "post-title" });
    this.count = el("span", { class: "post-count" });
    this.element = el("button", { type: "button", class: "post-line", hidden: true, onclick: () => this.#show() },
      icon("picture"), this.title, this.count);
  }

  /** What the flows listen under: `[{id, title, words, platforms}]`. */
  offer(posts) {
    this.posts = posts.filter((post) => post.platforms.includes(this.platform));
    this.element.hidden = !this.posts.length;
    this.title.replaceChildren(this.posts.length === 1 ? `Post: ${this.posts[0].title}` : `${this.posts.length} posts`);
  }

  /** What stands below them, of everybody. */
  update(comments) {
    const mine = comments.filter((one) => one.platform === this.platform);
    const look = JSON.stringify(mine);
    if (look === this.look) return;
    this.look = look;
    this.comments = mine;
    this.count.replaceChildren(mine.length ? String(mine.length) : "Comment", heardOnly(mine.length ? " comments" : ""));
    this.lists.forEach((list, id) => this.#fill(list, id));
  }

  /** A message has come into the chat behind the sheet. */
  messageCame() {
    if (!this.back?.isConnected || !this.back.hidden) return;
    this.back.hidden = false;
    this.back.scrollIntoView({ block: "nearest" });
  }

  #show() {
    this.lists.clear();
    this.back = el("button", { type: "button", class: "post-back", hidden: true, onclick: () => this.sheet.close() },
      icon("reply"), "A message came: see it");
    const cards = this.posts.map((post, place) => this.#card(post, place));
    this.sheet.show(this.posts.length === 1 ? "Post" : "Posts", el("div", { class: "sheet-body posts" }, this.back, cards));
  }

  #card(post, place) {
    const list = el("ol", { class: "comments", "aria-live": "polite", "aria-label": `Comments under ${post.title}` });
    this.lists.set(post.id, list);
    this.#fill(list, post.id);
    const head = el("header", {}, el("span", { class: "face", "aria-hidden": "true" }, this.face),
      el("span", {}, el("strong", {}, this.business), el("small", {}, `post ${post.id}`)));
    const picture = el("img", { src: `page/pictures/${PICTURES[place % PICTURES.length]}.jpg`, alt: "" });
    return el("article", { class: "post", "aria-label": post.title }, head, picture, el("p", {}, post.title), list, this.#form(post));
  }

  #form(post) {
    const hint = post.words.length ? `Comment “${post.words[0]}”` : "Write a comment";
    const input = el("input", { "aria-label": `Comment on ${post.title}`, placeholder: hint, maxlength: "1000", autocomplete: "off", dir: "auto" });
    const form = el("form", {}, input, el("button", { type: "submit", class: "primary" }, "Post"));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const text = input.value.trim();
      if (text && (await this.desk.act(this.platform, "comment", { text, post: post.id }))) input.value = "";
    });
    return form;
  }

  /** Newest last; an answer stands indented below what it answers. */
  #fill(list, id) {
    const under = this.comments.filter((one) => one.post === id || one.post.endsWith(`_${id}`));
    const known = new Set(under.map((one) => one.id));
    const answers = (parent) => under.filter((one) => (known.has(one.parent) ? one.parent : "") === parent)
      .flatMap((one) => [this.#row(one, parent !== ""), ...answers(one.id)]);
    list.replaceChildren(...answers(""));
    list.lastElementChild?.scrollIntoView?.({ block: "nearest" });
  }

  #row(one, below) {
    const who = one.person ? this.desk.nameOf(one.person) : this.business;
    return el("li", { class: `${below ? "below" : ""} ${one.person ? "" : "ours"}`, title: clockTime(one.at) },
      el("strong", {}, who), " ", el("span", { dir: "auto" }, one.text));
  }
}
