// Ctrl/⌘+K: pages and acts by their words in either language, then what the search suggests.
import htmx from "htmx.org/dist/htmx.esm.js";
import { mark, walk } from "./walk.js";

const palette = document.getElementById("palette");
if (palette) {
  const ask = document.getElementById("palette-ask");
  const entries = [...palette.querySelectorAll("[data-palette-list] > li")];
  const found = palette.querySelector("[data-palette-found]");
  const none = palette.querySelector("[data-palette-empty]");
  let later = 0;

  const links = () => [...palette.querySelectorAll("a[href], button.suggestion")].filter((a) => a.offsetParent !== null);

  function narrow() {
    const words = ask.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const li of entries) {
      li.hidden = !words.every((w) => li.dataset.words.includes(w));
      if (!li.hidden) shown += 1;
    }
    none.hidden = shown > 0 || !words.length;
    mark(links(), words.length && shown ? 0 : -1);
  }

  function suggest() {
    clearTimeout(later);
    const q = ask.value.trim();
    if (!palette.dataset.suggest || q.length < 2) {
      found.replaceChildren();
      return;
    }
    later = setTimeout(() => {
      htmx.ajax("POST", palette.dataset.suggest, { values: { q }, target: found, swap: "innerHTML" })
        .then(() => { if (found.querySelector(".suggestion")) none.hidden = true; });
    }, 200);
  }

  ask.addEventListener("input", (event) => {
    narrow();
    if (!event.isComposing) suggest();
  });
  ask.addEventListener("compositionend", suggest);
  ask.addEventListener("keydown", (event) => walk(event, links()));
  palette.addEventListener("close", () => { ask.value = ""; narrow(); found.replaceChildren(); });
}
