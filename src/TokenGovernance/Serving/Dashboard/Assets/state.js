// What the page shows: it stands in the address, so a view can be kept, sent and gone back to.

export const PERIODS = [["today", "Today"], ["7d", "7 days"], ["30d", "30 days"], ["this-month", "This month"], ["last-month", "Last month"]];
export const STACKS = [["agent", "Agent"], ["model", "Model"], ["trigger", "Trigger"], ["channel", "Channel"]];
export const MEASURES = [["cost", "Cost"], ["tokens", "Tokens"], ["responses", "Responses"]];

const defaults = { period: "30d", by: "agent", measure: "cost", tz: "" };
const listeners = [];

export const state = read();

function read() {
  const query = new URLSearchParams(location.search);
  const one = name => query.get(name) || defaults[name];
  const of = (name, known) => known.some(([word]) => word === one(name)) ? one(name) : defaults[name];
  return { period: one("period"), by: of("by", STACKS), measure: of("measure", MEASURES), tz: one("tz"), where: query.getAll("where") };
}

export function change(changes) {
  Object.assign(state, changes);
  const query = new URLSearchParams();
  for (const name of Object.keys(defaults)) {
    if (state[name] !== defaults[name]) query.set(name, state[name]);
  }
  state.where.forEach(filter => query.append("where", filter));
  history.pushState(null, "", query.size ? `?${query}` : location.pathname);
  listeners.forEach(listener => listener());
}

/** Shows only what has a value: one more filter, or none of that name if it is there already. */
export function toggleFilter(name, value) {
  const filter = `${name}=${value ?? ""}`;
  const others = state.where.filter(other => other !== filter);
  change({ where: others.length < state.where.length ? others : [...others.filter(other => !other.startsWith(`${name}=`)), filter] });
}

export function onChange(listener) {
  listeners.push(listener);
  addEventListener("popstate", () => { Object.assign(state, read()); listener(); });
}
