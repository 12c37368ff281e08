// What is on the screen: put there whole, and never kept anywhere in the browser.
import { start } from "./_start.js";
import { hold } from "./_tablet_still.js";

export const HOME = "/counter/";
export const page = { token: document.body.dataset.token || "", covering: false, before: null };

export const find = (what) => document.querySelector(what);
export const isCover = () => document.body.classList.contains("is-cover");
export const isPlain = () => find("[data-screen]")?.hasAttribute("data-plain") ?? true;

const afterShow = [];
export const onShow = (what) => afterShow.push(what);

export function settle() {
  for (const what of afterShow) what();
}

// Shows an answer of the server. One that is no screen (a fault, a tablet that lost its access) is shown whole.
export function show(html) {
  const next = new DOMParser().parseFromString(html, "text/html");
  const main = next.querySelector("#main");
  if (!main || !next.querySelector("[data-screen]")) {
    document.body.replaceChildren(...next.body.childNodes);
    document.body.className = next.body.className;
    return;
  }
  // The bands above the screen (practice, drill) belong to it.
  for (const band of document.querySelectorAll(".drill-band, .practice")) band.remove();
  for (const band of [...next.querySelectorAll(".drill-band, .practice")]) find("header").before(band);
  find("#main").replaceWith(main);
  const always = next.querySelector(".always");
  if (always) find(".always")?.replaceWith(always);
  document.body.className = next.body.className;
  document.body.dataset.coverAfter = next.body.dataset.coverAfter || "";
  document.title = next.title;
  page.token = next.body.dataset.token || "";
  page.covering = false;
  start();
  scrollTo(0, 0);
  main.focus({ preventScroll: true });
  hold();
  settle();
}

// The cover at once, before the server has answered: what was on the screen is gone from it.
export function sheet() {
  const template = find("template[data-sheet]");
  page.covering = true;
  for (const one of document.querySelectorAll(".drill-band")) one.remove();
  find("#main").replaceChildren(template.content.cloneNode(true), template.cloneNode(true));
  find(".always [data-cover-form]")?.remove();
  document.body.className = `${document.body.className} is-cover`;
  document.body.classList.remove("is-drill");
  scrollTo(0, 0);
}
