// A revealed value leaves the page when its seconds have run down, when the drawer closes and when the tab is hidden.
function clear(value) {
  clearInterval(value.countdown);
  value.remove();
}

function start(value) {
  if (value.countdown) return;
  let left = Number(value.dataset.revealed);
  value.countdown = setInterval(() => {
    left -= 1;
    const sign = value.querySelector(".revealed-left");
    if (sign) sign.textContent = left;
    if (left <= 0) clear(value);
  }, 1000);
}

document.addEventListener("htmx:load", () => document.querySelectorAll("[data-revealed]").forEach(start));
document.addEventListener("close", (event) => event.target.querySelectorAll?.("[data-revealed]").forEach(clear), true);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) document.querySelectorAll("[data-revealed]").forEach(clear);
});
