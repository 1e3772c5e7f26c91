// Asks `token-governance mcp` as the protocol's own client does: it checks every answer against the protocol, and structured results
// against what their tools say of them.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import assert from "node:assert/strict";

const [command, ...args] = process.argv.slice(2);
const client = new Client({ name: "check", version: "1" });
await client.connect(new StdioClientTransport({ command, args }));

const { tools } = await client.listTools();
assert.deepEqual(tools.map(tool => tool.name).sort(), ["budget_status", "quota_status", "usage_report"]);
const said = tools.map(tool => tool.name + tool.description).join("").length;
assert.ok(said < 1200, `names and descriptions have ${said} characters`);

const ask = async (name, args = {}) => {
  const answer = await client.callTool({ name, arguments: args });
  assert.ok(!answer.isError, answer.content?.[0]?.text);
  assert.deepEqual(JSON.parse(answer.content[0].text), answer.structuredContent, "text and structure say the same");
  return answer.structuredContent;
};

const report = await ask("usage_report", { by: ["agent"] });
assert.equal(report.rows.reduce((sum, row) => sum + row.tokens.total, 0), report.totals.tokens.total);
assert.ok(report.totals.tokens.total > 0);
assert.ok(Array.isArray((await ask("budget_status")).budgets));
assert.ok(Array.isArray((await ask("quota_status")).windows));

const wrong = await client.callTool({ name: "usage_report", arguments: { by: ["agnt"] } }).catch(error => ({ isError: true, content: [{ text: error.message }] }));
assert.ok(wrong.isError && wrong.content[0].text.includes("agnt"), "what is wrong is named");
await client.close();
console.log(`mcp: ${tools.length} tools, ${report.rows.length} agents, ${report.totals.tokens.total} tokens`);
