// <button data-print> prints the page as it stands; the browser's own command does the same without it.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
