using System.Text.Json;
using TokenGovernance.Domain;

namespace TokenGovernance.Tests;

/// <summary>A store as 0.1.0 made it of a home whose turns other runtimes carried out: it counted every row of such a turn.</summary>
static class StoreOfRows
{
    const string Now = "2026-11-25T12:00:00.000Z";

    /// <summary>Makes it, with checkpoints that say that all has been read.</summary>
    /// <param name="db">Where.</param>
    /// <param name="home">The home, a copy of the fixture's.</param>
    /// <param name="fixture">The fixture, which says what the rows were.</param>
    public static void Make(string db, string home, Fixture fixture)
    {
        using var scene = new Scene();
        scene.CollectFrom(home);
        var sessions = StoreRows.Query(scene.Db, "SELECT id, home, agent_id, session_id FROM sessions");
        var checkpoints = StoreRows.Query(scene.Db, "SELECT key, value FROM collector_state WHERE key NOT LIKE 'codex:%'");
        OlderStore.MakeSchema2(db);
        foreach (var session in sessions)
        {
            StoreRows.Execute(db, $"INSERT INTO sessions (id, home, agent_id, session_id, first_seen_ts, last_seen_ts) VALUES ({session["id"]}, '{session["home"]}', '{session["agent_id"]}', '{session["session_id"]}', '{Now}', '{Now}')");
        }

        foreach (var checkpoint in checkpoints)
        {
            StoreRows.Execute(db, $"INSERT INTO collector_state (key, value, updated_ts) VALUES ('{checkpoint["key"]}', '{checkpoint["value"]}', '{Now}')");
        }

        foreach (var row in fixture.Expected().GetProperty("transcript_rows").EnumerateArray())
        {
            Insert(db, home, row);
        }

        StoreRows.Query(db, "SELECT count(*) AS n, sum(total_tokens) AS total FROM usage_events").Single().Show("n", "total").Should().Equal("n=22", "total=267609");
    }

    static void Insert(string db, string home, JsonElement row)
    {
        UtcTime.TryParse(Say(row, "event_ts"), out var ms).Should().BeTrue();
        var key = Convert.ToHexString(EventKey.FromEntry(Say(row, "entry_id"), ms).ToBytes());
        var run = Say(row, "runtime") is "codex" ? $"'{Say(row, "run_id")}'" : "NULL";
        var agent = Say(row, "agent_id");
        StoreRows.Execute(db, $"""
            INSERT INTO usage_events (event_ts, started_ts, ingest_ts, agent_id, session_id, session_key, model_provider, model, api, stop_reason,
              input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, total_tokens, cost_input, cost_output, cost_cache_read,
              cost_cache_write, cost_total, source_file, source_line_no, event_key, entry_id, run_id, cost_source, home, session_ref)
            VALUES ('{Say(row, "event_ts")}', '{UtcTime.Format(row.GetProperty("message_ts").GetInt64())}', '{Now}', '{agent}',
              '{Say(row, "session_id")}', '{Say(row, "session_key")}', '{Say(row, "model_provider")}', '{Say(row, "model")}', '{Say(row, "api")}',
              '{(row.GetProperty("total").GetInt64() == 0 ? "toolUse" : "stop")}', {Say(row, "input")}, {Say(row, "output")}, {Say(row, "cache_read")},
              {Say(row, "cache_write")}, {Say(row, "total")}, 0, 0, 0, 0, 0, '{home}/agents/{agent}/agent/openclaw-agent.sqlite', 5, x'{key}',
              '{Say(row, "entry_id")}', {run}, '{(row.GetProperty("total").GetInt64() == 0 ? "recorded" : "none-recorded")}', '{home}',
              (SELECT id FROM sessions WHERE session_id = '{Say(row, "session_id")}' AND agent_id = '{agent}'))
            """);
    }

    static string Say(JsonElement row, string name) => row.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value.ToString() : "NULL";
}
