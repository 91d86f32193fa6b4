// <button data-copy="text"> copies; plain http has no clipboard API, so an off-screen field does it there.
import { say } from "./toasts.js";

async function put(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await put(button.dataset.copy);
  button.classList.add("is-copied");
  setTimeout(() => button.classList.remove("is-copied"), 1500);
  say(document.getElementById("toasts")?.dataset.copied, "good");
});
