// Walk a list of links by the arrow keys from an input; Enter follows the marked one.
export function walk(event, links) {
  if (event.isComposing || event.keyCode === 229) return;
  const at = links.findIndex((l) => l.classList.contains("is-marked"));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (!links.length) return;
    const next = event.key === "ArrowDown" ? at + 1 : at < 0 ? links.length - 1 : at - 1 + links.length;
    mark(links, next % links.length);
  } else if (event.key === "Enter" && at >= 0) {
    event.preventDefault();
    links[at].click();
  }
}

export function mark(links, at) {
  links.forEach((l, i) => l.classList.toggle("is-marked", i === at));
  links[at]?.scrollIntoView({ block: "nearest" });
}
