using System.Globalization;
using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Reports;

/// <summary>A store of a test, filled from a home or with invented rows.</summary>
sealed class ReportScene : IDisposable
{
    static readonly string[] Models = ["anthropic/claude-a", "anthropic/claude-b", "openrouter/mistral", "ollama/qwen", "openai-codex/gpt"];

    readonly string _folder = Directory.CreateTempSubdirectory("token-governance-reports-").FullName;

    public static string Root { get; } = FindRoot();

    public string Db => Path.Combine(_folder, "usage.db");

    public string this[string name] => Path.Combine(_folder, name);

    /// <summary>Copies a home of the repository.</summary>
    public string CopyOf(params string[] home)
    {
        var copy = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        Copy(Path.Combine([Root, .. home]), copy);

        return copy;
    }

    /// <summary>Collects a copy of a home of the repository.</summary>
    public void Collect(params string[] home)
    {
        var copy = CopyOf(home);
        using var passes = new Passes(Db, copy, TimeProvider.System);
        passes.Run();
    }

    public void Create()
    {
        using var store = UsageStore.Open(Db);
    }

    /// <summary>Inserts invented events, about one in <paramref name="everyMs" /> milliseconds, the times not in order.</summary>
    public void Generate(int count, int seed, string from, long everyMs)
    {
        Create();
        UtcTime.TryParse(from, out var start).Should().BeTrue();
        var random = new Random(seed);
        using var connection = Connect();
        using var transaction = connection.BeginTransaction();
        using var insert = connection.CreateCommand();
        insert.CommandText = """
            INSERT INTO usage_events (event_ts, started_ts, ingest_ts, agent_id, session_id, session_key, channel, chat_type, model_provider, model,
              trigger, job_id, job_name, stop_reason, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
              total_tokens, cost_total, cost_source, event_key)
            VALUES ($p0, $p1, '2026-01-01T00:00:00.000Z', $p2, $p3, $p4, $p5, $p6, $p7, $p8, $p9, $p10, $p11, $p12, $p13, $p14, $p15, $p16, $p17,
              $p18, $p19, $p20, randomblob(16))
            """;
        for (var i = 0; i <= 20; i++)
        {
            insert.Parameters.Add(new SqliteParameter($"$p{i}", null));
        }

        for (var i = 0; i < count; i++)
        {
            var row = Invent(random, start + random.NextInt64(count * everyMs));
            for (var p = 0; p < row.Length; p++)
            {
                insert.Parameters[p].Value = row[p] ?? DBNull.Value;
            }

            insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    public void Execute(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The rows of a query, each cell as it is.</summary>
    public List<Dictionary<string, object?>> Query(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<Dictionary<string, object?>>();
        while (reader.Read())
        {
            rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, i => reader.IsDBNull(i) ? null : reader.GetValue(i)));
        }

        return rows;
    }

    public Report Report(ReportQuery query) => TokenGovernance.Reports.Report.Read(new LocalStore(Db), query);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Compares text with a file in golden/; UPDATE_GOLDEN=1 writes the file instead.</summary>
    public static void ShouldBeGolden(string actual, string name)
    {
        var path = Path.Combine(Root, "tests", "TokenGovernance.Tests", "golden", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, actual.ReplaceLineEndings("\n"));
        }

        actual.ReplaceLineEndings("\n").Should().Be(File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    public static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    static object?[] Invent(Random random, long ms)
    {
        var started = UtcTime.Format(ms);
        var model = Models[random.Next(Models.Length)].Split('/');
        var agent = $"agent-{random.Next(3)}";
        var session = random.Next(40);
        var job = session % 8 == 0 ? $"job-{session}" : null;
        var tokens = Enumerable.Range(0, 4).Select(_ => random.NextInt64(20_000)).ToArray();
        var source = model[0] switch
        {
            "ollama" => "none-recorded",
            "openai-codex" => random.Next(2) == 0 ? null : "none-recorded",
            "openrouter" => "provider-billed",
            _ => "recorded",
        };
        var cost = source switch { null => (object?)null, "none-recorded" => 0.0, _ => random.NextDouble() * 0.1 };

        return
        [
            random.Next(20) == 0 && random.Next(2) == 0 ? null : UtcTime.Format(ms + 5000), random.Next(50) == 0 ? null : started, agent, $"{agent}-s-{session}",
            session % 3 == 0 ? null : $"agent:{agent}:k-{session}", session % 5 == 0 ? null : "telegram", session % 5 == 0 ? null : "direct",
            model[0], random.Next(100) == 0 ? null : model[1], session % 8 == 0 ? "cron" : "user", job, job is null ? null : $"Job {session}",
            random.Next(30) == 0 ? "error" : "stop", tokens[0], tokens[1], random.Next(10) == 0 ? null : tokens[2], tokens[3],
            random.Next(2) == 0 ? null : tokens[1] / 2, tokens.Sum(), cost, source,
        ];
    }

    SqliteConnection Connect()
    {
        var connection = new SqliteConnection(string.Create(CultureInfo.InvariantCulture, $"Data Source={Db};Pooling=False"));
        connection.Open();
        if (File.Exists(Db))
        {
            WideRows.Enable(connection);
        }

        return connection;
    }

    static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "TokenGovernance.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("These tests run inside the repository.");
        }

        return folder;
    }
}
