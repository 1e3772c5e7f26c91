// Looks at the dashboard in Chromium as people would: both schemes, phone to wall, by keyboard; and compares its numbers with the verb's.
// check.mjs URL REPORT.json SCREENSHOTS: REPORT.json is what `report --by day,agent --period 30d --json` printed.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [, , url, reportPath, shots] = process.argv;
const report = JSON.parse(readFileSync(reportPath, "utf8"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const problems = [];
const expect = (is, text) => { if (!is) problems.push(text); };

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

async function open(query, width, height, colorScheme) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  const where = `${width} px, ${colorScheme}, ${query || "/"}`;
  page.on("console", message => ["error", "warning"].includes(message.type()) && problems.push(`${where}: console says ${message.text()}`));
  page.on("pageerror", error => problems.push(`${where}: ${error.message}`));
  page.on("request", request => expect(request.url().startsWith(url), `${where}: asks for ${request.url()}`));
  await page.addInitScript(() => addEventListener("securitypolicyviolation", event => console.error(`CSP: ${event.violatedDirective}`)));
  await page.goto(url + query);
  await page.waitForFunction(() => document.body.dataset.loaded === "true", null, { timeout: 60_000 });
  return page;
}

// Fits, from a phone to a wall, light and dark.
for (const [width, height] of [[360, 740], [768, 1024], [1440, 900], [2560, 1440]]) {
  for (const scheme of ["light", "dark"]) {
    const page = await open("", width, height, scheme);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide <= width, `at ${width} px the page is ${wide} px wide`);
    await page.screenshot({ path: `${shots}/${width}-${scheme}.png`, fullPage: width < 2000 });
    await page.close();
  }
}

// Says what the verb says, to the last digit.
const page = await open("", 1440, 900, "light");
const tile = title => page.locator(".tile", { has: page.getByRole("heading", { name: title, exact: true }) }).locator(".value").getAttribute("data-value");
const totals = report.totals;
expect(await tile("Known cost") === String(totals.known_cost_usd), `cost ${await tile("Known cost")}, not ${totals.known_cost_usd}`);
expect(await tile("Tokens") === String(totals.tokens.total), `tokens ${await tile("Tokens")}, not ${totals.tokens.total}`);
expect(await tile("Responses") === String(totals.responses), `responses ${await tile("Responses")}, not ${totals.responses}`);
expect(await tile("Without a price") === String(totals.unpriced.responses), `unpriced ${await tile("Without a price")}, not ${totals.unpriced.responses}`);
const agents = new Map();
for (const row of report.rows) agents.set(row.agent, (agents.get(row.agent) ?? 0) + row.tokens.total);
for (const [agent, tokens] of agents) {
  const cell = page.locator("#agents tr", { has: page.getByRole("button", { name: agent, exact: true }) }).locator("td").nth(2);
  expect(await cell.getAttribute("data-value") === String(tokens), `agent ${agent}: ${await cell.getAttribute("data-value")} tokens, not ${tokens}`);
}

// Names of chats are text, and nobody's number is shown.
expect(await page.evaluate(() => document.querySelectorAll("main b[onmouseover]").length) === 0, "markup of a name became an element");
expect((await page.locator("#channels").textContent()).includes("web<chat>"), "a channel's name is not shown as it is");
expect(!/700123456|431234567|99887766/.test(await page.content()), "an id of a person is on the page");

// By keyboard: a filter on and off again, and along the days.
await page.getByRole("button", { name: "research", exact: true }).first().focus();
await page.keyboard.press("Enter");
await page.waitForFunction(() => document.querySelectorAll("#agents tbody tr").length === 1);
expect(new URL(page.url()).searchParams.get("where") === "agent=research", "the filter is not in the address");
await page.keyboard.press("Escape");
await page.waitForFunction(() => document.querySelectorAll("#agents tbody tr").length > 1);
await page.goBack();
await page.waitForFunction(() => document.querySelectorAll("#agents tbody tr").length === 1);
await page.goForward();
await page.waitForFunction(() => document.querySelectorAll("#agents tbody tr").length > 1);
await page.locator("#chart").focus();
await page.keyboard.press("ArrowLeft");
await page.waitForFunction(() => document.getElementById("chart-says").textContent.length > 5);

// By mouse: a click on a bar shows only what it stands for.
const box = await page.locator("#chart .u-over").boundingBox();
await page.mouse.click(box.x + box.width * 0.8, box.y + box.height - 4);
await page.waitForFunction(() => new URLSearchParams(location.search).get("where")?.startsWith("agent="));
await page.close();

// Accessible: what axe finds in both schemes.
for (const scheme of ["light", "dark"]) {
  const seen = await open("?by=model", 1280, 900, scheme);
  await seen.evaluate(axe);
  const { violations } = await seen.evaluate(() => globalThis.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"] }));
  violations.forEach(one => problems.push(`axe, ${scheme}: ${one.id}: ${one.help} (${one.nodes.slice(0, 3).map(node => node.target).join("; ")})`));
  await seen.close();
}

// What cannot be asked for is said, and what cannot be reached too.
const wrong = await browser.newPage();
await wrong.goto(`${url}?period=never`);
await wrong.waitForFunction(() => !document.getElementById("problem").hidden);
expect((await wrong.locator("#problem").textContent()).includes("--period takes"), "a wrong period is not explained");
await browser.close();

problems.forEach(problem => console.error(problem));
console.log(problems.length === 0 ? "The dashboard is as it should be." : `${problems.length} problems.`);
process.exit(problems.length === 0 ? 0 : 1);
