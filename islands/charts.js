// Draws {"kind": "line"|"bar"|"pie"|"heatmap"|"bridge"|"curve"|"net", …} specs with a custom ECharts build. Tooltips are rich text:
// HTML ones carry style attributes, which the content policy refuses.
import { BarChart, HeatmapChart, LineChart, PieChart } from "echarts/charts";
import { GridComponent, LegendPlainComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, HeatmapChart, LineChart, PieChart, GridComponent,
  LegendPlainComponent, TooltipComponent, SVGRenderer]);

const drawn = new Map();
const probe = document.createElement("i");
probe.className = "visually-hidden";
// Where motion is reduced every change of colour is a very short transition, and reading at once would find the old one.
probe.style.setProperty("transition-property", "none", "important");

// The tokens of the stylesheet as plain colours of the theme the figure stands in.
function look(figure) {
  figure.append(probe);
  const token = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  return {
    text: token("--zk-text-2"), faint: token("--zk-text-3"), line: token("--zk-line"), paper: token("--zk-paper"), ink: token("--zk-text"),
    low: token("--zk-heat-0"), high: token("--zk-heat-9"),
    hues: ["--zk-accent", "--zk-chart-2", "--zk-chart-3", "--zk-chart-4", "--zk-chart-5", "--zk-chart-6"].map(token),
  };
}

function axis(c, spec, more) {
  return {
    axisLine: { lineStyle: { color: c.line } }, axisTick: { show: false }, axisLabel: { color: c.faint, fontSize: 12, hideOverlap: true },
    splitLine: { lineStyle: { color: c.line } }, nameTextStyle: { color: c.faint }, ...spec, ...more,
  };
}

function base(c, spec) {
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches, animationDuration: 300, color: c.hues,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: c.text },
    grid: { left: 8, right: 12, top: spec.series?.length > 1 ? 36 : 12, bottom: 4, containLabel: true },
    tooltip: {
      renderMode: "richText", trigger: spec.kind === "line" || spec.kind === "bar" ? "axis" : "item", backgroundColor: c.paper, borderColor: c.line,
      padding: [8, 12], textStyle: { color: c.ink, fontSize: 12 }, axisPointer: { type: spec.kind === "bar" ? "shadow" : "line", lineStyle: { color: c.line }, shadowStyle: { opacity: 0.08 } },
    },
    legend: spec.series?.length > 1 ? { top: 0, left: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, textStyle: { color: c.text } } : undefined,
  };
}

function axes(c, spec) {
  const words = axis(c, { type: "category", data: spec.labels, name: spec.x }, { splitLine: { show: false } });
  const values = axis(c, { type: "value", name: spec.y }, { axisLine: { show: false } });
  const made = spec.series.map((s, i) => ({
    type: spec.kind, name: s.name, data: s.values, stack: spec.stacked ? "all" : undefined, smooth: false, showSymbol: s.values.length < 8, symbol: "circle",
    symbolSize: 6, lineStyle: { width: 2 }, areaStyle: spec.area && i === 0 ? { opacity: 0.12 } : undefined, barMaxWidth: 28,
    itemStyle: spec.kind === "bar" ? { borderRadius: spec.stacked ? 0 : spec.flat ? [0, 3, 3, 0] : [3, 3, 0, 0] } : undefined,
  }));
  return spec.flat ? { xAxis: values, yAxis: { ...words, inverse: true }, series: made } : { xAxis: words, yAxis: values, series: made };
}

// A colour between the palest and the fullest shade; the root keeps small counts apart.
function shaded(c, cells) {
  const [low, high] = [c.low, c.high].map((rgb) => rgb.match(/[\d.]+/g).slice(0, 3).map(Number));
  const top = Math.max(1, ...cells.map((cell) => cell[2]));
  return cells.map((cell) => {
    const part = Math.sqrt(cell[2] / top);
    const color = `rgb(${low.map((l, i) => Math.round(l + (high[i] - l) * part)).join(",")})`;
    return { value: cell, itemStyle: { color } };
  });
}

// From one sum to another: each bar hangs where the one before ended. `from` and `to` are levels, `tones` good, bad or total.
function bridge(c, spec) {
  const tones = { good: c.hues[0], bad: c.hues[2], total: c.faint };
  const held = spec.from.map((start, i) => ({ low: Math.min(start, spec.to[i]), size: Math.abs(spec.to[i] - start) }));
  return {
    xAxis: axis(c, { type: "category", data: spec.labels }, { splitLine: { show: false }, axisLabel: { color: c.text, fontSize: 12, interval: 0, hideOverlap: true } }),
    yAxis: axis(c, { type: "value", name: spec.y }, { axisLine: { show: false } }),
    tooltip: { renderMode: "richText", trigger: "item", formatter: (at) => `${spec.labels[at.dataIndex]}\n${spec.texts[at.dataIndex]}`, backgroundColor: c.paper, borderColor: c.line, textStyle: { color: c.ink, fontSize: 12 } },
    series: [
      { type: "bar", stack: "all", silent: true, itemStyle: { color: "transparent" }, data: held.map((h) => h.low), barMaxWidth: 44 },
      { type: "bar", stack: "all", barMaxWidth: 44, data: held.map((h, i) => ({ value: h.size, itemStyle: { color: tones[spec.tones[i]], borderRadius: 3 } })) },
    ],
  };
}

// Lines over two measured axes, both in percent, with the line of equality; `points` are [x, y] pairs.
function curve(c, spec) {
  const percent = { type: "value", min: 0, max: 100 };
  const equal = { type: "line", name: spec.equality, data: [[0, 0], [100, 100]], symbol: "none", silent: true, lineStyle: { type: "dashed", width: 1, color: c.faint }, itemStyle: { color: c.faint } };
  return {
    grid: { left: 8, right: 16, top: 36, bottom: 22, containLabel: true },
    xAxis: axis(c, percent, { name: spec.x, nameLocation: "middle", nameGap: 28 }), yAxis: axis(c, percent, { axisLabel: { color: c.faint, fontSize: 12, formatter: "{value}%" } }),
    legend: { top: 0, left: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, textStyle: { color: c.text } },
    series: [...spec.series.map((s) => ({ type: "line", name: s.name, data: s.points, showSymbol: false, lineStyle: { width: 2 }, areaStyle: { opacity: 0.08 } })), equal],
  };
}

const NET = { left: 40, right: 40, top: 16, bottom: 28 };
const BEYOND = 0.06; // of the axes, so that the outermost points stand whole

// Where each name stands, the largest points first: below its point, else above it, else nowhere, since names that cover
// others say nothing. The tooltip still tells it.
function named(spec, canvas) {
  const scale = (share, first, last, size) => first + ((share + BEYOND) / (1 + 2 * BEYOND)) * (size - first - last);
  const standing = [];
  const places = new Map();
  const order = [...spec.points.keys()].sort((a, b) => spec.points[b].size - spec.points[a].size);
  for (const n of order) {
    const p = spec.points[n];
    const x = scale(p.at[0], NET.left, NET.right, canvas.clientWidth);
    const y = canvas.clientHeight - scale(p.at[1], NET.bottom, NET.top, canvas.clientHeight);
    const half = [...p.name].reduce((sum, sign) => sum + (sign > "\u2e7f" ? 12 : 7), 4) / 2;
    for (const [position, top] of [["bottom", y + p.size / 2 + 2], ["top", y - p.size / 2 - 18]]) {
      const box = [x - half, top, x + half, top + 16];
      const inside = box[0] >= 0 && box[2] <= canvas.clientWidth;
      if (inside && standing.every((o) => box[2] < o[0] || o[2] < box[0] || box[3] < o[1] || o[3] < box[1])) {
        standing.push(box);
        places.set(n, position);
        break;
      }
    }
  }
  return places;
}

// Points at given places, joined by lines: drawn with lines alone, since the graph of the library would cost twenty kilobytes.
function net(c, spec, canvas) {
  const hidden = { type: "value", min: -BEYOND, max: 1 + BEYOND, show: false };
  const place = (n) => spec.points[n].at;
  const names = named(spec, canvas);
  return {
    grid: NET, legend: undefined, xAxis: hidden, yAxis: hidden,
    tooltip: { renderMode: "richText", trigger: "item", formatter: (at) => at.data.text, backgroundColor: c.paper, borderColor: c.line, textStyle: { color: c.ink, fontSize: 12 } },
    series: [
      ...spec.links.map((l) => ({ type: "line", data: [place(l.from), place(l.to)], showSymbol: false, silent: true, lineStyle: { width: l.width, color: c.hues[0], opacity: 0.35 } })),
      {
        type: "line", z: 5, symbol: "circle", showSymbol: true, showAllSymbol: true, lineStyle: { width: 0 }, itemStyle: { color: c.hues[0], borderColor: c.paper, borderWidth: 2 },
        data: spec.points.map((p, n) => ({ value: p.at, name: p.name, text: p.text, symbolSize: p.size, label: { show: names.has(n), position: names.get(n), distance: 3, color: c.text, fontSize: 12, formatter: p.name, textBorderColor: c.paper, textBorderWidth: 3 } })),
      },
    ],
  };
}

const KINDS = {
  net,
  bridge,
  curve,
  line: axes,
  bar: axes,
  pie: (c, spec) => ({
    series: [{ type: "pie", radius: ["52%", "78%"], itemStyle: { borderColor: c.paper, borderWidth: 2 }, label: { color: c.text, fontSize: 12 },
      data: spec.labels.map((name, i) => ({ name, value: spec.series[0].values[i] })) }],
  }),
  heatmap: (c, spec) => ({
    xAxis: axis(c, { type: "category", data: spec.labels, name: spec.x }), yAxis: axis(c, { type: "category", data: spec.rows, name: spec.y }),
    series: [{ type: "heatmap", data: shaded(c, spec.series[0].values), itemStyle: { borderColor: c.paper, borderWidth: 2, borderRadius: 3 } }],
  }),
};

// Draw one figure from the JSON beside its canvas; points with a matching `urls` entry open it.
export function draw(figure) {
  const spec = JSON.parse(document.getElementById(`${figure.dataset.chart}-spec`).textContent);
  const c = look(figure);
  const canvas = figure.querySelector("[data-chart-canvas]");
  const chart = drawn.get(figure)?.chart ?? init(canvas, null, { renderer: "svg" });
  chart.setOption({ ...base(c, spec), ...KINDS[spec.kind](c, spec, canvas) }, true);
  if (!drawn.has(figure)) {
    chart.on("click", (point) => {
      const url = spec.urls?.[point.dataIndex];
      if (url) location.assign(url);
    });
    new ResizeObserver(() => {
      chart.resize();
      if (spec.kind === "net") chart.setOption(net(look(figure), spec, canvas)); // which names have room
    }).observe(figure);
  }
  drawn.set(figure, { chart });
  figure.dataset.drawn = "";
}

export function redraw() {
  for (const figure of drawn.keys()) draw(figure);
}
