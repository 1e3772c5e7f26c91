// Stacked bars. The canvas is for the eye; the table below has the same numbers.
import { measured } from "./format.js";
import { byId, element, show } from "./dom.js";
import { toggleFilter } from "./state.js";

const tip = element("div", { class: "tip", hidden: true });
let plot, shown;

export const colourOf = i => getComputedStyle(document.documentElement).getPropertyValue(`--s${Math.min(i, 7)}`).trim();

export function showChart(data, by, measure) {
  shown = { data, by, measure };
  show("legend", ...data.series.map((one, i) => {
    const swatch = element("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.background = colourOf(i);
    const label = [swatch, `${one.label} `, element("span", { class: "muted" }, measured[measure](one.total))];
    return one.key === null ? element("span", { class: "muted" }, ...label)
      : element("button", { type: "button", title: `Show only ${by} ${one.label}`, onclick: () => toggleFilter(by, one.key) }, ...label);
  }));
  draw();
}

export function draw() {
  if (!shown) return;
  const { data, measure } = shown;
  const place = byId("chart");
  plot?.destroy();
  place.replaceChildren(tip);
  tip.hidden = true;
  const total = data.series.reduce((sum, one) => sum + one.total, 0);
  place.setAttribute("aria-label", `${measure} per day, ${measured[measure](total)} in all, ${data.places.length} days, ${data.series.length} names`);
  if (data.places.length === 0) return;
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  const axis = { stroke: css("--soft"), font, grid: { stroke: css("--line"), width: 1 }, ticks: { show: false } };

  // The highest sum is drawn first, the others over it.
  let sums = new Array(data.places.length).fill(0);
  const heights = data.series.map(one => (sums = sums.map((sum, i) => sum + one.values[i])));
  const bars = uPlot.paths.bars({ size: [0.74, 64], align: 0 });
  const order = data.series.map((_, i) => i).reverse();
  plot = new uPlot({
    width: Math.max(200, place.clientWidth),
    height: place.clientHeight,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: { x: { time: false, range: [-0.6, data.places.length - 0.4] }, y: { range: (u, low, high) => [0, high > 0 ? high * 1.08 : 1] } },
    axes: [
      { ...axis, size: 30, grid: { show: false }, values: (u, ticks) => ticks.map(tick => data.labels[tick] ?? ""), incrs: [1, 2, 5, 7, 10, 14, 30, 60, 90, 180, 365], space: 56 },
      { ...axis, size: 62, values: (u, ticks, at, space, step) => ticks.map(tick => measure === "cost" ? dollars(tick, step) : measured[measure](tick)) },
    ],
    series: [{}, ...order.map(i => ({ fill: colourOf(i), stroke: colourOf(i), width: 0, paths: bars, points: { show: false } }))],
    hooks: { setCursor: [hover] },
  }, [data.places.map((_, i) => i), ...order.map(i => heights[i])], place);
  plot.over.addEventListener("click", event => {
    const i = plot.posToIdx(event.offsetX);
    const value = plot.posToVal(event.offsetY, "y");
    const hit = data.series.find((one, k) => value >= 0 && value <= heights[k][i]);
    if (hit && hit.key !== null) toggleFilter(shown.by, hit.key);
  });
}

const dollars = (tick, step) => `$${tick === 0 ? 0 : tick.toLocaleString("en-US", { minimumFractionDigits: step < 0.01 ? 4 : step < 1 ? 2 : 0 })}`;

function hover(u) {
  const { data, measure } = shown;
  const i = u.cursor.idx;
  if (i === null || i === undefined || u.cursor.left < 0 || !data.places[i]) {
    tip.hidden = true;
    return;
  }
  const used = data.series.map((one, k) => [one, k]).filter(([one]) => one.values[i] > 0);
  const sum = used.reduce((total, [one]) => total + one.values[i], 0);
  tip.replaceChildren(element("b", {}, `${data.places[i].replace("T", " ")}: ${used.length ? measured[measure](sum) : "nothing"}`), ...used.map(([one, k]) => {
    const swatch = element("span", { class: "swatch" });
    swatch.style.background = colourOf(k);
    return element("div", {}, swatch, element("span", {}, one.label), element("span", {}, measured[measure](one.values[i])));
  }));
  tip.hidden = false;
  const left = u.over.offsetLeft + u.valToPos(i, "x");
  const flip = left > byId("chart").clientWidth / 2;
  tip.style.left = flip ? "" : `${left + 14}px`;
  tip.style.right = flip ? `${byId("chart").clientWidth - left + 14}px` : "";
  tip.style.top = "8px";
}

/** Arrow keys move along the days, and what stands there is said. */
export function listen() {
  const place = byId("chart");
  place.addEventListener("keydown", event => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || !plot) return;
    event.preventDefault();
    const last = shown.data.places.length - 1;
    const i = Math.max(0, Math.min(last, (plot.cursor.idx ?? (step > 0 ? -1 : last + 1)) + step));
    plot.setCursor({ left: plot.valToPos(i, "x"), top: 10 });
    byId("chart-says").textContent = tip.textContent;
  });
  place.addEventListener("blur", () => { tip.hidden = true; });
  new ResizeObserver(() => { if (plot && Math.abs(plot.width - place.clientWidth) > 2) draw(); }).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => shown && showChart(shown.data, shown.by, shown.measure));
}
