// <button data-open="id"> opens a <dialog>, [data-close] or a click on the backdrop closes it.
// A form with data-confirm-name unlocks its button once the name has been typed.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.open);
    if (dialog && !dialog.open) dialog.showModal();
    opener.closest("details.menu")?.removeAttribute("open");
    return;
  }
  const dialog = event.target.closest("dialog[open]");
  if (dialog && (event.target === dialog || event.target.closest("[data-close]"))) dialog.close();
});
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-confirm-name]");
  if (!form || !event.target.matches("[data-confirm-ask]")) return;
  form.querySelector("[data-confirm-go]").disabled = event.target.value.trim() !== form.dataset.confirmName;
});
// What a form in a dialog asks for may come as a file, and the page stays: the dialog has done its work.
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-closes]")) event.target.closest("dialog")?.close();
});
// An answer that carries HX-Trigger: close-dialog has done its work.
document.addEventListener("close-dialog", () => {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
});
