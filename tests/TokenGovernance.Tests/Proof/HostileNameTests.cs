using System.Globalization;
using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Proof;

/// <summary>Names that try to be SQL, terminal commands or formulas: stored as they are, shown and exported so that they do nothing.</summary>
[Trait("Category", "Slow")]
public sealed class HostileNameTests : IDisposable
{
    const int MaxLength = 1024;

    static readonly string[] Names =
    [
        "'; DROP TABLE usage_events; --",
        "\"); DELETE FROM sessions; --",
        "\e[31mred\e[0m\a\e]0;title\a",
        "\u009b31mred",
        "=1+1",
        "=cmd|' /C calc'!A0",
        "+1",
        "-2+3",
        "@SUM(A1)",
        "\tTAB",
        "line\r\nbreak, \"quoted\"",
        "\u202Elive\u2066",
        "a\u2028b",
        "null\0byte",
        "🦞 ÄÖ €",
        "%s%n$(reboot)`reboot`",
        new('x', 1_000_000),
    ];

    readonly Scene _scene = new();

    public HostileNameTests()
    {
        for (var i = 0; i < Names.Length; i++)
        {
            var text = JsonSerializer.Serialize(Names[i]);
            _scene.Home.LogOf(AgentOf(i), $"s{i}.jsonl", Some.Header($"s{i}"), Some.Answer(null, "10:05", about: $"""
                "api":{text},"provider":{text},"model":{text},"stopReason":{text},"responseId":{text},"responseModel":{text}
                """).Replace("\"type\":\"message\",", $"\"type\":\"message\",\"id\":{text},", StringComparison.Ordinal));
            File.WriteAllText(Path.Combine(_scene.Home.SessionsOf(AgentOf(i)), "sessions.json"), JsonSerializer.Serialize(new Dictionary<string, object>
            {
                [Names[i]] = new { sessionId = $"s{i}", chatType = Names[i], channel = Names[i], origin = new { provider = Names[i] }, spawnedBy = Names[i] },
            }));
        }
    }

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void TheyAreStoredAsTheyAreUpToABound()
    {
        _scene.Collect().Stored.Added.Should().Be(Names.Length);

        var rows = _scene.Events.ToDictionary(row => row.Text("session_id")!);
        for (var i = 0; i < Names.Length; i++)
        {
            var row = rows[$"s{i}"];

            // SQLite's text functions end at a NUL: a sign for "unreadable" is stored in its place.
            var name = (Names[i].Length > MaxLength ? Names[i][..MaxLength] : Names[i]).Replace('\0', '\uFFFD');
            string[] columns =
            [
                "entry_id", "api", "model_provider", "model", "stop_reason", "response_id", "response_model", "session_key", "channel",
                "chat_type", "origin_provider", "spawned_by",
            ];
            columns.Select(column => $"{column}={row.Text(column)}").Should().Equal(columns.Select(column => $"{column}={name}"));
            row.Text("agent_id").Should().Be(AgentOf(i));
        }

        _scene.Collect(rescan: true).Stored.Added.Should().Be(0);
    }

    [Fact]
    public void NothingThatSteersATerminalIsEverShown()
    {
        File.WriteAllText(Path.Combine(_scene.Home.SessionsOf(AgentOf(2)), "broken.jsonl"), "bad line\n");
        File.WriteAllText(Path.Combine(_scene.Home.SessionsOf(AgentOf(3)), "broken.jsonl.zst"), "bad archive");
        string[] places = ["--openclaw-home", _scene.Home.Path, "--db", _scene.Db];

        ShouldBeHarmless(Cli.Run(["collect", "--once", "--no-status", .. places]));
        ShouldBeHarmless(Cli.Run(["collect", "--once", "--no-status", "--rescan", "--log-format", "json", "--json", .. places]));
        ShouldBeHarmless(Cli.Run(["doctor", .. places]));
    }

    [Fact]
    public void AnExportIsRfc4180AndRunsNoFormulaAndLosesNothing()
    {
        _scene.Collect();
        using (var store = UsageStore.Open(_scene.Db))
        {
            store.Append([.. Names.Take(Names.Length - 1).Select((name, i) => Snapshot(name, i))], TimeSpan.Zero);
        }

        Cli.Run("export-csv", "--db", _scene.Db, "--out-dir", _scene.Folder["out"]).ExitCode.Should().Be(0);

        var events = CsvText.Read(File.ReadAllText(_scene.Folder["out/usage_events.csv"]));
        var snapshots = CsvText.Read(File.ReadAllText(_scene.Folder["out/provider_usage_snapshots.csv"]));
        events.Select(row => Unescaped(row["model"])).Should().BeEquivalentTo(_scene.Events.Select(row => row.Text("model")));
        events.Select(row => Unescaped(row["session_key"])).Should().BeEquivalentTo(_scene.Events.Select(row => row.Text("session_key")));
        snapshots.Select(row => Unescaped(row["group_label"])).Should().BeEquivalentTo(Names.Take(Names.Length - 1));
        foreach (var cell in events.Concat(snapshots).SelectMany(row => row.Values).Where(cell => !IsNumber(cell)))
        {
            cell.Should().NotMatchRegex("^[=+@\t\r-]");
        }
    }

    /// <summary>An agent's folder may be called anything that a file system takes.</summary>
    static string AgentOf(int index)
    {
        var name = string.Concat(Names[index].Take(60).Select(c => c is '/' or '\0' || (OperatingSystem.IsWindows() && !char.IsAsciiLetter(c)) ? '_' : c));

        return $"{name}{index}";
    }

    static QuotaSnapshot Snapshot(string name, int index) => new()
    {
        TakenMs = Some.Ms("10:00") + index,
        Home = Some.Home,
        Kind = SnapshotKind.Window,
        Provider = name,
        DisplayName = name,
        Plan = name,
        WindowLabel = name,
        GroupLabel = name,
        UsedPercent = 1,
    };

    static void ShouldBeHarmless(CliResult result)
    {
        result.ExitCode.Should().BeOneOf([0, 1, 3], result.Error);
        foreach (var character in (result.Output + result.Error).Where(c => c is not '\n').Distinct())
        {
            var category = CharUnicodeInfo.GetUnicodeCategory(character);
            (char.IsControl(character) || category is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                || character is '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'))
                .Should().BeFalse($"U+{(int)character:X4} must not be in: {result.Output}{result.Error}");
        }
    }

    static string Unescaped(string cell) => cell is ['\'', '=' or '+' or '-' or '@' or '\t' or '\r', ..] ? cell[1..] : cell;

    static bool IsNumber(string cell) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
