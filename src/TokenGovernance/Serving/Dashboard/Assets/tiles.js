// The totals of the period, and how they compare with the period before.
import { cost, count, exact, percent, UNKNOWN } from "./format.js";
import { element, show } from "./dom.js";

export function showTiles(report, month, budgets) {
  const { totals, before } = report;
  const share = totals.tokens.total > 0 ? totals.unpriced.tokens / totals.tokens.total : 0;
  show("tiles", ...[
    tile("Known cost", cost(totals.known_cost_usd), totals.known_cost_usd === null ? note("no price is known") : delta(totals.known_cost_usd, before?.known_cost_usd, cost), totals.known_cost_usd),
    forecastTile(month),
    tile("Tokens", count(totals.tokens.total), delta(totals.tokens.total, before?.tokens.total, count), totals.tokens.total),
    tile("Responses", count(totals.responses), totals.errors > 0 ? note(`${exact(totals.errors)} of them failed`) : delta(totals.responses, before?.responses, count), totals.responses),
    tile("From the cache", percent(totals.cache_hit_ratio), note("of all input tokens"), totals.cache_hit_ratio),
    tile("Without a price", count(totals.unpriced.responses), note(totals.unpriced.responses > 0 ? `responses, ${percent(share)} of tokens` : "everything has a price"), totals.unpriced.responses, share > 0.2 ? "warn" : ""),
    totals.unmeasured_responses > 0 ? tile("Not measured", count(totals.unmeasured_responses), note("responses without token counts"), totals.unmeasured_responses, "warn") : null,
    budgetTile(budgets),
  ].filter(Boolean));
}

function tile(title, value, below, exactly, state) {
  return element("div", { class: `tile ${state ?? ""}` },
    element("h2", {}, title),
    element("div", { class: "value", "data-value": exactly ?? "", title: exactly === undefined || exactly === null ? null : String(exactly) }, value),
    below);
}

const note = text => element("div", { class: "note" }, text);

function delta(now, then, format) {
  if (then === null || then === undefined || then === 0) return note(then === 0 ? "none in the period before" : "");
  const change = (now ?? 0) / then - 1;
  const [sign, kind] = Math.abs(change) < 0.005 ? ["", "flat"] : change > 0 ? ["▲ ", "up"] : ["▼ ", "down"];
  const text = change > 9.99 ? `${(change + 1).toFixed(0)} ×` : `${Math.abs(change * 100).toFixed(0)} %`;
  return element("div", { class: "note" }, element("span", { class: kind }, `${sign}${text}`), ` against ${format(then)} before`);
}

function forecastTile(month) {
  const forecast = month.forecast;
  const range = forecast?.known_cost_usd;
  return tile("Month's forecast", range ? cost(range.middle) : UNKNOWN,
    note(range ? `${cost(range.low)} to ${cost(range.high)}` : forecast?.too_early ? "too early to say" : "nothing to go by"), range?.middle);
}

function budgetTile({ budgets }) {
  if (budgets.length === 0) return null;
  const of = state => budgets.filter(budget => budget.state === state).length;
  const [over, warn, unknown] = [of("over"), of("warn"), of("unknown")];
  const [text, below, state] = over > 0 ? [`${over} over`, `of ${exact(budgets.length)}`, "bad"]
    : warn > 0 ? [`${warn} near`, `of ${exact(budgets.length)}`, "warn"]
      : unknown > 0 ? [`${unknown} of ${exact(budgets.length)}`, "unknown: too much has no price", "warn"] : ["fine", `all ${exact(budgets.length)}`, ""];
  return tile("Budgets", text, note(below), over, state);
}
