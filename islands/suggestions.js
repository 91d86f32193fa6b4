// The box under the search field: open while it has something to say and the field is in use.
import { walk } from "./walk.js";

const field = document.getElementById("search");
const box = document.querySelector("[data-suggestions]");
if (field && box) {
  const close = () => box.replaceChildren();
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    walk(event, [...box.querySelectorAll(".suggestion")]);
  });
  field.addEventListener("compositionstart", () => { field.composing = true; });
  field.addEventListener("compositionend", () => { field.composing = false; });
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".search")) close();
  });
}
