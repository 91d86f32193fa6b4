// The funnel's board: a card is dragged to another column, or moved by Alt+← and Alt+→ from the keyboard.
// Both fill in the form each card carries, which also works by itself; the moved card keeps the focus.
let moved = null; // the id of the card to find again once the board has come back
let dragged = null;

const cardOf = (node) => node.closest?.("[data-card]");
const columnOf = (node) => node.closest?.("[data-column]");

function send(card, column) {
  const choice = card.querySelector("form [name=to]");
  if (!choice || columnOf(card) === column) return;
  choice.value = column.dataset.column;
  if (choice.value !== column.dataset.column) return;
  moved = card.id;
  choice.form.requestSubmit();
}

document.addEventListener("dragstart", (event) => {
  dragged = cardOf(event.target);
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.id);
  dragged.classList.add("is-dragged");
});
document.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  document.querySelectorAll(".is-over").forEach((column) => column.classList.remove("is-over"));
  dragged = null;
});
document.addEventListener("dragover", (event) => {
  const column = dragged && columnOf(event.target);
  if (!column) return;
  event.preventDefault();
  document.querySelectorAll(".is-over").forEach((other) => other !== column && other.classList.remove("is-over"));
  column.classList.add("is-over");
});
document.addEventListener("drop", (event) => {
  const column = dragged && columnOf(event.target);
  if (!column) return;
  event.preventDefault();
  send(dragged, column);
});
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  const card = cardOf(event.target);
  if (!card) return;
  event.preventDefault();
  const columns = [...card.closest(".board-columns").querySelectorAll("[data-column]")];
  const next = columns[columns.indexOf(columnOf(card)) + (event.key === "ArrowRight" ? 1 : -1)];
  if (next) send(card, next);
});
document.addEventListener("submit", (event) => {
  const card = cardOf(event.target);
  if (card) moved = card.id;
});
document.addEventListener("htmx:afterSettle", () => {
  const card = moved && document.getElementById(moved);
  if (!card) return;
  moved = null;
  card.querySelector("a")?.focus();
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
});
