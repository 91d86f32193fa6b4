// Charts come late: the drawing script is fetched when the first chart nears the screen.
const address = document.querySelector("meta[name=zhike-charts]")?.content;
let drawing = null;

const watch = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    watch.unobserve(entry.target);
    drawing ??= import(address);
    drawing.then((charts) => charts.draw(entry.target));
  }
}, { rootMargin: "200px" });

function look() {
  for (const figure of document.querySelectorAll("[data-chart]:not([data-seen])")) {
    figure.dataset.seen = "";
    watch.observe(figure);
  }
}

look();
document.addEventListener("htmx:load", look);
document.addEventListener("zhike:theme", () => drawing?.then((charts) => charts.redraw()));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawing?.then((charts) => charts.redraw()));
