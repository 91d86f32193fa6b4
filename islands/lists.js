// Lists: selection with a bulk bar, j/k to walk, Enter to open, x to select, a click on a row opens it.
import { typing } from "./keyboard.js";

const rows = () => [...document.querySelectorAll("[data-list] tr[data-href], [data-list] tr[data-row]")];
const boxes = (list) => [...list.querySelectorAll("tbody [data-select]")];

function refresh(list) {
  const all = boxes(list);
  const chosen = all.filter((b) => b.checked);
  const head = list.querySelector("[data-select-all]");
  if (head) {
    head.checked = chosen.length > 0 && chosen.length === all.length;
    head.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
  for (const box of all) box.closest("tr").toggleAttribute("data-selected", box.checked);
  const bar = list.querySelector("[data-bulk]");
  if (!bar) return;
  bar.hidden = chosen.length === 0;
  bar.querySelector("[data-bulk-count]").textContent = chosen.length.toLocaleString("en");
  const offer = bar.querySelector("[data-bulk-offer]");
  const matching = bar.querySelector("[name=all_matching]");
  if (offer) offer.hidden = !(all.length && chosen.length === all.length);
  if (matching && chosen.length < all.length) matching.checked = false;
}

document.addEventListener("change", (event) => {
  const list = event.target.closest("[data-list]");
  if (!list) return;
  if (event.target.matches("[data-select-all]")) for (const b of boxes(list)) b.checked = event.target.checked;
  refresh(list);
});
let last = null;
document.addEventListener("click", (event) => {
  const list = event.target.closest("[data-list]");
  if (!list) return;
  if (event.target.closest("[data-bulk-clear]")) {
    for (const b of boxes(list)) b.checked = false;
    refresh(list);
    return;
  }
  const box = event.target.closest("[data-select]");
  if (box) {
    if (event.shiftKey && last) {
      const all = boxes(list);
      const [a, b] = [all.indexOf(last), all.indexOf(box)].sort((x, y) => x - y);
      for (const between of all.slice(Math.max(a, 0), b + 1)) between.checked = box.checked;
      refresh(list);
    }
    last = box;
    return;
  }
  const row = event.target.closest("tr[data-href]");
  if (row && !event.target.closest("a, button, input, label, select, summary") && !String(getSelection())) {
    if (event.ctrlKey || event.metaKey) window.open(row.dataset.href, "_blank", "noopener");
    else location.assign(row.dataset.href);
  }
});
document.addEventListener("keydown", (event) => {
  if (typing(event) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((r) => r.classList.contains("is-here"));
  if (event.key === "j" || event.key === "k") {
    const next = Math.min(Math.max(at + (event.key === "j" ? 1 : -1), 0), all.length - 1);
    all.forEach((r, i) => r.classList.toggle("is-here", i === next));
    all[next].scrollIntoView({ block: "nearest" });
  } else if (at >= 0 && event.key === "x") all[at].querySelector("[data-select]")?.click();
  else if (at >= 0 && event.key === "Enter" && all[at].dataset.href && !event.target.closest?.("a, button, summary, [role=button]")) {
    location.assign(all[at].dataset.href);
  }
});
document.addEventListener("htmx:load", () => document.querySelectorAll("[data-list]").forEach(refresh));
