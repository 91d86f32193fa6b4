// Toasts: the server's messages, and what to say when an answer does not come. Bad news stays until dismissed.
const tray = document.getElementById("toasts");

export function say(text, tone = "info") {
  if (!tray || !text) return;
  const toast = document.createElement("div");
  toast.className = `toast-zk tone-${tone}`;
  toast.dataset.toast = "";
  const words = document.createElement("p");
  words.textContent = text;
  toast.append(words);
  if (tone === "bad") toast.setAttribute("role", "alert");
  tray.append(toast);
  settle(toast);
}

function settle(toast) {
  if (!toast.classList.contains("tone-bad")) setTimeout(() => toast.remove(), 6000);
  else toast.addEventListener("click", () => toast.remove());
}

tray?.querySelectorAll("[data-toast]").forEach(settle);
document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest("[data-toast]")?.remove());
document.addEventListener("htmx:sendError", () => say(tray?.dataset.gone, "bad"));
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  say(status === 403 ? tray?.dataset.refused : tray?.dataset.broken, "bad");
});
// HX-Trigger: {"toast": {"text": "…", "tone": "good"}}
document.addEventListener("toast", (event) => say(event.detail.text, event.detail.tone));
