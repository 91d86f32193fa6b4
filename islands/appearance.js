// Theme, density and the folded rail change at once; the cookie makes the server draw the next page so.
import { remember } from "./cookie.js";

const root = document.documentElement;

function fold() {
  root.dataset.rail = root.dataset.rail === "slim" ? "wide" : "slim";
  remember("zhike_rail", root.dataset.rail);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-rail-toggle]")) fold();
});
document.addEventListener("zhike:fold", fold);
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-appearance]");
  const pressed = event.submitter;
  if (!form || !pressed) return;
  event.preventDefault();
  if (pressed.name === "theme") root.dataset.bsTheme = pressed.value;
  else root.dataset.density = pressed.value;
  remember(`zhike_${pressed.name}`, pressed.value);
  for (const item of form.querySelectorAll(`[name=${pressed.name}]`)) {
    if (item === pressed) item.setAttribute("aria-current", "true");
    else item.removeAttribute("aria-current");
  }
  form.closest("details").open = false;
  document.dispatchEvent(new CustomEvent("zhike:theme"));
});
