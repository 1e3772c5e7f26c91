// Numbers and times for people. What is unknown is a dash, never a zero.

const number = new Intl.NumberFormat("en-US");
const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });
const money = digits => new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", minimumFractionDigits: digits, maximumFractionDigits: digits });
const [dollars, cents, fractions] = [money(0), money(2), money(4)];

export const UNKNOWN = "–";
export const exact = value => value === null || value === undefined ? UNKNOWN : number.format(value);
export const count = value => value === null || value === undefined ? UNKNOWN : value < 10_000 ? number.format(value) : compact.format(value);
export const percent = (ratio, digits = 0) => ratio === null || ratio === undefined ? UNKNOWN : `${(ratio * 100).toFixed(digits)} %`;

export function cost(value) {
  if (value === null || value === undefined) return UNKNOWN;
  if (value >= 10_000) return dollars.format(value);
  return value > 0 && value < 0.1 ? fractions.format(value) : cents.format(value);
}

export const measured = { cost, tokens: count, responses: count };
export const measureOf = {
  cost: row => row.known_cost_usd,
  tokens: row => row.tokens.total,
  responses: row => row.responses,
};

export const name = value => value === null || value === "" ? "unknown" : value;

/** Such as "3 min" or "2 days". */
export function span(ms) {
  const minutes = Math.max(0, ms) / 60_000;
  if (minutes < 1) return `${Math.round(minutes * 60)} s`;
  if (minutes < 60) return `${Math.round(minutes)} min`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h`;
  return `${Math.round(minutes / 1440)} days`;
}

export const when = text => new Date(text).toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
