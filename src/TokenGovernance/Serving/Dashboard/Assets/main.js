// Asks for what the address says, shows it, and asks again every few seconds while somebody looks.
import { api, get } from "./api.js";
import { change, MEASURES, onChange, PERIODS, STACKS, state } from "./state.js";
import { byId, element, segments, show } from "./dom.js";
import { span } from "./format.js";
import { showTiles } from "./tiles.js";
import { stack } from "./days.js";
import { listen, showChart } from "./chart.js";
import { agentName, channelName, jobName, modelName, sessionName, showDays, showHeat, showTable } from "./tables.js";
import { showAlerts, showBudgets, showQuotas } from "./limits.js";

const REFRESH_MS = 10_000;
let asking = new AbortController();
let timer;

async function load() {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const { period, where, tz, by, measure } = state;
  const report = parameters => api("report", { period, where, tz, ...parameters }, signal);
  const unit = period === "today" || period === "yesterday" ? "hour" : "day";
  const budgets = api("budget", {}, signal);
  const tasks = [
    Promise.all([report({ by: `${unit},${by}` }), api("report", { period: "this-month", by: "agent", where, tz, top: 1 }, signal), budgets]).then(([days, month, limits]) => {
      const data = stack(days, unit, by, measure);
      byId("days-title").textContent = unit === "day" ? "Per day" : "Per hour";
      byId("range").textContent = [data.labels[0], data.labels.at(-1)].filter(Boolean).join(" to ") + ` (${days.time_zone})`;
      showTiles(days, month, limits);
      showChart(data, by, measure);
      showDays(data, measure);
    }),
    report({ by: "agent", sort: sortBy(), top: 12 }).then(answer => showTable("agents", "Agent", answer, agentName)),
    report({ by: "provider,model", sort: sortBy(), top: 12 }).then(answer => showTable("models", "Model", answer, modelName)),
    report({ name: "jobs", sort: sortBy(), top: 12 }).then(answer => showTable("jobs", "Job", answer, jobName)),
    report({ by: "channel,chat-type", sort: sortBy(), top: 12 }).then(answer => showTable("channels", "Channel", answer, channelName)),
    report({ by: "agent,session", sort: sortBy(), top: 15 }).then(answer => showTable("sessions", "Session", answer, sessionName)),
    report({ by: "hour" }).then(answer => showHeat(answer, measure)),
    api("quota", {}, signal).then(showQuotas),
    budgets.then(showBudgets),
    api("alerts", {}, signal).then(showAlerts),
    get("/healthz", {}, signal).then(showHealth),
  ];
  const failed = (await Promise.allSettled(tasks)).filter(result => result.status === "rejected" && !signal.aborted);
  byId("problem").hidden = failed.length === 0 || signal.aborted;
  byId("problem").textContent = failed.length ? `Not everything could be shown: ${failed[0].reason.message}` : "";
  document.body.dataset.loaded = String(failed.length === 0);
}

const sortBy = () => ({ cost: "cost", tokens: "tokens", responses: "events" })[state.measure];

function showHealth(health) {
  const text = health.age_seconds === null ? health.problem : `Collected ${span(health.age_seconds * 1000)} ago${health.problem ? `. ${health.problem}` : ""}`;
  byId("freshness").className = `freshness ${health.state === "ok" ? "ok" : "bad"}`;
  byId("freshness").textContent = text;
  show("footer", element("span", {}, `token-governance ${health.version}`),
    element("span", {}, "Costs are what OpenClaw recorded or providers billed. What has no price is counted apart, never as $0."),
    element("a", { href: `/api/v1/report?${new URLSearchParams([["period", state.period], ["by", "agent,model"], ...state.where.map(filter => ["where", filter])])}` }, "These numbers as JSON"));
}

function showChoices() {
  segments("periods", PERIODS, state.period, period => change({ period }));
  segments("measures", MEASURES, state.measure, measure => change({ measure }));
  segments("stacks", STACKS, state.by, by => change({ by }));
  byId("filters").hidden = state.where.length === 0;
  show("filters", "Only", ...state.where.map(filter => {
    const [, name, value] = /^([^=]*?)!?=(.*)$/s.exec(filter) ?? [null, filter, ""];
    return element("button", { type: "button", class: "chip", title: "Remove this filter", onclick: () => change({ where: state.where.filter(other => other !== filter) }) },
      `${name}${filter.includes("!=") ? " not" : ""}: ${value || "unknown"} ✕`);
  }));
}

function refresh() {
  clearTimeout(timer);
  timer = setTimeout(refresh, REFRESH_MS);
  if (document.visibilityState === "visible") load();
}

onChange(() => { showChoices(); refresh(); });
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());
addEventListener("keydown", event => { if (event.key === "Escape" && state.where.length) change({ where: [] }); });
listen();
showChoices();
refresh();

