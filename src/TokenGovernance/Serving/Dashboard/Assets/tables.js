// Tables: who used what. A name is a button that shows only what has it.
import { cost, count, exact, measured, measureOf, name } from "./format.js";
import { bar, element, nothing, show } from "./dom.js";
import { state, toggleFilter } from "./state.js";

const all = [
  ["Cost", row => cost(row.known_cost_usd), row => row.known_cost_usd],
  ["Tokens", row => count(row.tokens.total), row => row.tokens.total],
  ["Responses", row => count(row.responses), row => row.responses],
  ["No price", row => row.unpriced.responses > 0 ? count(row.unpriced.responses) : "", row => row.unpriced.responses],
];

/** @param names for each row: the text, what stands below it in small, and the filter it stands for */
export function showTable(id, title, report, names) {
  if (report.rows.length === 0) {
    show(id, nothing("Nothing in this period."));
    return;
  }
  const numbers = report.totals.unpriced.responses > 0 ? all : all.slice(0, -1);
  const largest = Math.max(...report.rows.map(row => measureOf[state.measure](row) ?? 0), 0);
  const rows = report.rows.map(row => element("tr", {}, nameCell(names(row), largest > 0 ? (measureOf[state.measure](row) ?? 0) / largest : 0), ...numbers.map(([, text, value]) => numberCell(text(row), value(row)))));
  const rest = report.rest && element("tr", { class: "muted" }, element("td", {}, `${exact(report.rest.rows)} more`), ...numbers.map(([, text, value]) => numberCell(text(report.rest), value(report.rest))));
  show(id, element("table", {},
    element("thead", {}, element("tr", {}, element("th", { scope: "col" }, title), ...numbers.map(([label]) => element("th", { scope: "col", class: "n" }, label)))),
    element("tbody", {}, ...rows, rest)));
}

function nameCell({ text, below, filter, title }, share) {
  const shown = filter && filter[1] !== undefined
    ? element("button", { type: "button", title: title ?? `Show only ${text}`, onclick: () => toggleFilter(...filter) }, text)
    : element("span", { title }, text);
  return element("td", { class: "name" }, shown, below ? element("small", {}, below) : null, bar(share));
}

const numberCell = (text, value) => element("td", { class: "n", "data-value": value ?? "", title: value ?? "unknown" }, text);

/** The numbers of the chart: a row a day, a column a name. */
export function showDays(data, measure) {
  if (data.places.length === 0) {
    show("days-table", nothing("Nothing in this period."));
    return;
  }
  const sum = i => data.series.reduce((total, one) => total + one.values[i], 0);
  show("days-table", element("table", {},
    element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Day"), ...data.series.map(one => element("th", { scope: "col", class: "n" }, one.label)), element("th", { scope: "col", class: "n" }, "All"))),
    element("tbody", {}, ...data.places.map((place, i) => element("tr", {}, element("th", { scope: "row" }, place.replace("T", " ")),
      ...data.series.map(one => element("td", { class: "n" }, one.values[i] > 0 ? measured[measure](one.values[i]) : "")), element("td", { class: "n" }, measured[measure](sum(i))))).reverse())));
}

const WEEK = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** Days of the week by hours of the day. */
export function showHeat(report, measure) {
  const sums = WEEK.map(() => new Array(24).fill(0));
  for (const row of report.rows.filter(row => row.hour)) {
    const day = (new Date(`${row.hour.slice(0, 10)}T12:00:00Z`).getUTCDay() + 6) % 7;
    sums[day][Number(row.hour.slice(11, 13))] += measureOf[measure](row) ?? 0;
  }
  const largest = Math.max(...sums.flat());
  if (!(largest > 0)) {
    show("heat", nothing("Nothing in this period."));
    return;
  }
  show("heat", element("table", { class: "heat" },
    element("caption", { class: "hidden" }, `${measure} by day of the week and hour`),
    element("thead", {}, element("tr", {}, element("th", { scope: "col" }, element("span", { class: "hidden" }, "Day")), ...sums[0].map((_, hour) => element("th", { scope: "col" }, hour % 3 === 0 ? String(hour) : element("span", { class: "hidden" }, String(hour)))))),
    element("tbody", {}, ...WEEK.map((day, d) => element("tr", {}, element("th", { scope: "row" }, day), ...sums[d].map((value, hour) => {
      const text = value > 0 ? measured[measure](value) : "nothing";
      return element("td", { class: `h${value > 0 ? Math.ceil(value / largest * 5) : 0}`, title: `${day} ${hour}:00 to ${hour + 1}:00: ${text}` }, text);
    }))))));
}

export const agentName = row => ({ text: name(row.agent), filter: ["agent", row.agent] });
export const modelName = row => ({ text: name(row.model), below: name(row.provider), filter: ["model", row.model] });
export const channelName = row => ({ text: name(row.channel), below: row.chat_type, filter: ["channel", row.channel] });
export const jobName = row => ({ text: row.job_name ?? short(row.job), below: name(row.agent), filter: ["job", row.job], title: row.job });
export const sessionName = row => ({ text: `${name(row.agent)} · ${kindOf(row.session_key)}`, below: short(row.session), filter: ["session", row.session], title: row.session });

const short = id => id === null ? "unknown" : /^[0-9a-f]{8}-[0-9a-f]{4}/i.test(id) ? id.slice(0, 8) : id;
const kindOf = key => key === null ? "unknown" : key.split(":").slice(key.startsWith("agent:") ? 2 : 0).filter(part => part !== "…").map(part => short(part)).join(" ") || "other";

