// Cells edited in place: Enter saves, Escape gives up, Tab saves and opens the next cell that can be edited.
// The pen opens a cell; `e` opens the first of the row one stands on.
import { typing } from "./keyboard.js";

let next = null; // the pen to press once the cell being saved has come back

const pens = () => [...document.querySelectorAll("[data-list] [data-pen]")];

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-cell-form]");
  if (form) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      form.querySelector("[data-cell-cancel]")?.click();
    } else if (event.key === "Tab" && event.target.matches("[name=value]")) {
      const cell = form.closest("td");
      const side = event.shiftKey ? Node.DOCUMENT_POSITION_PRECEDING : Node.DOCUMENT_POSITION_FOLLOWING;
      const beyond = pens().filter((pen) => cell.compareDocumentPosition(pen) & side);
      const target = event.shiftKey ? beyond.at(-1) : beyond[0];
      if (!target || !form.hasAttribute("hx-post")) return;
      event.preventDefault();
      next = target;
      form.requestSubmit();
    }
    return;
  }
  if (event.key === "Escape" && document.activeElement === document.body) {
    document.querySelector("[data-list] [data-cell-cancel]")?.click(); // a cell that has come and not yet taken the focus
    return;
  }
  if (typing(event) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "e") document.querySelector("[data-list] tr.is-here [data-pen]")?.click();
});
document.addEventListener("htmx:afterSettle", (event) => {
  const box = event.detail.elt?.querySelector?.("[data-cell-form] [name=value]");
  if (box) {
    next = null; // refused, in conflict, or just opened: the person stays here
    box.focus();
    box.select?.();
  } else if (next?.isConnected) {
    const pen = next;
    next = null;
    pen.click();
  }
});
