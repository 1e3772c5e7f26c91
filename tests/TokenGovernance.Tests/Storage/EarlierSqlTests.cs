using System.Globalization;
using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Storage;

/// <summary>SQL that was written for version 0.1.0, in its documents and in dashboards, gives the same rows from an upgraded store as from the one of then.</summary>
public sealed class EarlierSqlTests : IDisposable
{
    /// <summary>Columns that `*` did not say then.</summary>
    static readonly string[] Later = ["unmeasured_events"];

    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("documents.sql", 18)]
    [InlineData("dashboards.sql", 9)]
    public void EarlierSqlGivesTheSameRows(string file, int queries)
    {
        var (then, now) = (_folder["then.db"], _folder["now.db"]);
        File.Copy(Fixture.PathOf("store-0.1.0/token_usage.db"), then);
        File.Copy(then, now);
        UsageStore.Open(now).Dispose();
        var all = ReadQueries(file, then);

        all.Should().HaveCount(queries);
        foreach (var sql in all)
        {
            var before = Run(then, sql);

            before.Should().NotBeEmpty(sql);
            Run(now, sql).Should().Equal(before, sql);
        }
    }

    /// <summary>With the time of the store for now, and all its time for the span that a dashboard shows.</summary>
    static List<string> ReadQueries(string file, string db)
    {
        var newest = StoreRows.Query(db, "SELECT max(event_ts) AS newest FROM usage_events").Single().Text("newest")!;
        UtcTime.TryParse(newest, out var newestMs).Should().BeTrue();

        return
        [
            .. File.ReadAllText(Fixture.PathOf($"sql-0.1.0/{file}")).ReplaceLineEndings("\n").Split(";\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(sql => sql
                    .Replace("'now'", $"'{newest}'", StringComparison.Ordinal).Replace("$__from", "0", StringComparison.Ordinal)
                    .Replace("$__to", (newestMs + (30L * 86_400_000)).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)),
        ];
    }

    /// <summary>Each cell with its name, type and value. Rows of equal order may come in another.</summary>
    static List<string> Run(string db, string sql) =>
    [
        .. StoreRows.Query(db, sql).Select(row => string.Join(" | ", row.Columns.Except(Later).Select(column => $"{column}={Show(row[column])}"))).Order(StringComparer.Ordinal),
    ];

    static string Show(object? cell) => cell switch
    {
        null => "NULL",
        byte[] bytes => Convert.ToHexString(bytes),
        double number => $"REAL {number.ToString("R", CultureInfo.InvariantCulture)}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{cell.GetType().Name} {cell}"),
    };
}
