// Single letters act only outside inputs and never while an input method composes (Enter must not send half a word).
export function typing(event) {
  const t = event.target;
  return event.isComposing || event.keyCode === 229 || t.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName);
}

let waiting = 0; // when `g` was pressed, milliseconds

function go(letter) {
  const link = document.querySelector(`.rail-link[data-key="${CSS.escape(letter)}"]`);
  if (link) location.assign(link.href);
}

function show(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !event.isComposing) {
    event.preventDefault();
    show("palette");
    return;
  }
  if (typing(event) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (waiting && event.timeStamp - waiting < 1200 && /^[a-z]$/.test(event.key)) {
    waiting = 0;
    go(event.key);
    return;
  }
  waiting = event.key === "g" ? event.timeStamp : 0;
  // What a page offers by a letter of its own: m merges on the review of duplicates.
  const offered = /^[a-z]$/.test(event.key) && document.querySelector(`[data-hotkey="${event.key}"]`);
  if (offered) {
    event.preventDefault();
    offered.click();
    return;
  }
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("search")?.focus();
  } else if (event.key === "?") show("shortcuts");
  else if (event.key === "[") document.dispatchEvent(new CustomEvent("zhike:fold"));
});
