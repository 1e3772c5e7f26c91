// Adds the rows of a report up for the chart and its table: a list of days (or hours), and for each name its numbers.
import { measureOf, name } from "./format.js";

const MOST = 7;
export const OTHER = "others";

/** Names in the order of what they used; those beyond the seventh are one. */
export function stack(report, unit, by, measure) {
  const places = placesOf(report, unit);
  const index = new Map(places.map((place, i) => [place, i]));
  const names = new Map();
  for (const row of report.rows) {
    const at = index.get(row[unit]);
    const value = measureOf[measure](row);
    if (at === undefined || value === null) continue;
    const key = row[by] ?? "";
    if (!names.has(key)) names.set(key, new Array(places.length).fill(0));
    names.get(key)[at] += value;
  }
  const all = [...names].map(([key, values]) => ({ key, label: name(key), values, total: values.reduce((a, b) => a + b, 0) }));
  all.sort((a, b) => b.total - a.total || (a.label < b.label ? -1 : 1));
  const rest = all.slice(MOST);
  const series = all.slice(0, MOST);
  if (rest.length > 0) {
    series.push({ key: null, label: `${rest.length} ${OTHER}`, values: places.map((_, i) => rest.reduce((sum, one) => sum + one.values[i], 0)), total: rest.reduce((sum, one) => sum + one.total, 0) });
  }
  return { places, labels: places.map(place => labelOf(place, unit)), series };
}

/** All days from the first to the last, also those without usage; of hours those that there are. */
function placesOf(report, unit) {
  const known = [...new Set(report.rows.map(row => row[unit]).filter(Boolean))].sort();
  if (unit !== "day") return known;
  const first = report.since ? dayOf(new Date(report.since), report.time_zone) : known[0];
  const end = report.until ? Math.min(new Date(report.until).getTime() - 1, Date.now()) : Date.now();
  const last = dayOf(new Date(end), report.time_zone);
  if (!first || !last) return known;
  const days = [];
  for (let day = first; day <= last && days.length < 3700; day = next(day)) days.push(day);
  return days;
}

function dayOf(moment, timeZone) {
  try {
    return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(moment);
  } catch {
    return null;
  }
}

const next = day => new Date(Date.parse(`${day}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

function labelOf(place, unit) {
  if (unit === "hour") return place.slice(11, 16);
  return new Date(`${place}T12:00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
}
