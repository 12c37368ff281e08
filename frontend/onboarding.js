import { Radios } from "govuk-frontend/dist/govuk/components/radios/radios.mjs";

import "./_idle.js";
import { start } from "./_start.js";

start(Radios);

// What an incident number looks like, shown as it is written. Whether it is understood, the server says.
const shape = document.querySelector("[data-number-shape]");
if (shape) {
  const places = JSON.parse(shape.dataset.numberShape);
  const example = document.createElement("p");
  example.className = "govuk-hint";
  example.setAttribute("role", "status");
  shape.after(example);
  const show = () => {
    const text = shape.value.trim().toUpperCase();
    const number = text.replace(/\{(\w+)\}/g, (whole, place) => places[place.toLowerCase()] ?? whole);
    example.textContent = text && !/[{}]/.test(number) ? `${shape.dataset.wordsExample} ${number}` : "";
  };
  shape.addEventListener("input", show);
  show();
}

// The part of a page that says how far the work on a file is renews itself; when the work ends, so does the page.
async function renew() {
  const part = document.querySelector("[data-refresh]");
  if (!part) {
    return;
  }
  try {
    const answer = await fetch(part.dataset.refresh, { cache: "no-store" });
    if (answer.ok) {
      part.outerHTML = await answer.text();
      if (document.querySelector("[data-refreshed]")) {
        location.reload();
        return;
      }
    }
  } catch {
    // The network is away for a moment: the next round asks again.
  }
  setTimeout(renew, 1000);
}
setTimeout(renew, 500);
