// What is left: windows of providers' plans, balances, budgets; and what was told about them.
import { cost, count, exact, percent, span, when } from "./format.js";
import { element, nothing, show } from "./dom.js";

export function showQuotas({ windows, amounts, errors }) {
  const all = [...windows.map(windowRow), ...amounts.map(amountRow), ...errors.map(errorRow)];
  show("quotas", ...(all.length ? all : [nothing("No quotas were read. The collector asks OpenClaw for them unless it runs with --no-status.")]));
}

function windowRow(quota) {
  const used = quota.used_percent;
  const title = [quota.display_name ?? quota.provider, quota.group, quota.window].filter(Boolean).join(" ");
  if (quota.is_over || used === null) {
    return limit("unknown", title, "unknown", 0, null, `has started anew since it was read ${age(quota.read_at)} ago`);
  }
  const left = quota.reset_at ? `new in ${span(new Date(quota.reset_at) - Date.now())}` : "";
  const pace = quota.empty_at ? `used up ${when(quota.empty_at)} at this pace` : quota.percent_per_hour > 0 ? `${quota.percent_per_hour.toFixed(1)} points an hour` : "";
  return limit(used >= 100 ? "over" : used >= 80 || quota.empty_at ? "warn" : "ok", title, `${used.toFixed(used < 10 ? 1 : 0)} %`, used / 100, null,
    [left, pace, `read ${age(quota.read_at)} ago`].filter(Boolean).join(" · "));
}

function amountRow(quota) {
  const title = [quota.display_name ?? quota.provider, quota.kind, quota.period].filter(Boolean).join(" ");
  const text = value => quota.unit === "USD" ? cost(value) : `${exact(value)} ${quota.unit ?? ""}`;
  const share = quota.amount_limit > 0 ? quota.amount / quota.amount_limit : null;
  return share === null
    ? element("div", { class: "limit" }, element("p", {}, element("span", {}, title), element("span", {}, text(quota.amount))))
    : limit(share >= 1 ? "over" : share >= 0.8 ? "warn" : "ok", title, `${text(quota.amount)} of ${text(quota.amount_limit)}`, share, null, `read ${age(quota.read_at)} ago`);
}

const errorRow = quota => limit("unknown", quota.provider ?? "all providers", "not read", 0, null, quota.error ?? "");

export function showBudgets({ budgets }) {
  show("budgets", ...(budgets.length ? budgets.map(budgetRow) : [nothing("There are none. 'token-governance budget suggest' prints some to begin with.")]));
}

function budgetRow(budget) {
  const text = value => budget.unit === "USD" ? cost(value) : count(value);
  const ends = budget.period_end ? `ends in ${span(new Date(budget.period_end) - Date.now())}` : "rolling";
  const forecast = budget.forecast ? `forecast ${text(budget.forecast.middle)}` : "";
  const unpriced = budget.unpriced > 0 ? `${exact(budget.unpriced)} responses without a price` : "";
  return limit(budget.state, [budget.name, budget.instance].filter(Boolean).join(" · "), `${text(budget.used)} of ${text(budget.limit)}`, budget.share,
    budget.forecast && budget.limit > 0 ? budget.forecast.middle / budget.limit : null,
    [`${budget.period}, ${ends}`, forecast, unpriced].filter(Boolean).join(" · "), budget.state === "ok" ? percent(budget.share) : budget.state);
}

function limit(state, title, text, share, mark, below, badge) {
  const fill = element("div", { class: "fill" });
  fill.style.width = `${Math.min(1, share) * 100}%`;
  const track = element("div", { class: "track", role: "meter", "aria-label": title, "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": Math.round(Math.min(1, share) * 100), "aria-valuetext": text }, fill);
  if (mark !== null && mark < 1) {
    const line = element("div", { class: "mark" });
    line.style.left = `${mark * 100}%`;
    track.append(line);
  }
  return element("div", { class: `limit ${state}` },
    element("p", {}, element("span", {}, title), badge ? element("span", { class: `badge ${state}` }, badge) : null, element("span", {}, text)),
    track, below ? element("small", {}, below) : null);
}

const age = time => span(Date.now() - new Date(time));

export function showAlerts({ alerts }) {
  const items = alerts.slice(0, 12).map(alert => element("li", {},
    element("time", { datetime: alert.fired_at }, when(alert.fired_at)),
    element("span", { class: `badge ${alert.resolved_at ? "ok" : "over"}` }, alert.resolved_at ? "over" : "now"), ` ${alert.text}`));
  show("alerts", items.length ? element("ul", { class: "alerts" }, ...items) : nothing("None so far."));
}
