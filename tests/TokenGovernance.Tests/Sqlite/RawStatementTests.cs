using Microsoft.Data.Sqlite;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Tests.Sqlite;

/// <summary>Values stay bound from row to row; a row has its own values all the same, whatever was bound before.</summary>
public sealed class RawStatementTests : IDisposable
{
    readonly SqliteConnection _connection = SqliteLibrary.NewConnection(new SqliteConnectionStringBuilder { DataSource = ":memory:", Pooling = false });

    public RawStatementTests()
    {
        _connection.Open();
        _connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, value ANY) STRICT");
    }

    public void Dispose() => _connection.Dispose();

    [Fact]
    public void ARowHasTheValueBoundLast()
    {
        object?[] values = [5L, 5L, null, 5L, "5", "5", null, "5", 5L, 0L, null, 0L, "", 0L, 1.5, 1.5, 5L, 1.5, new byte[] { 1 }, 5L, new byte[] { 2 }, null, long.MinValue, -1L, long.MaxValue];
        using var insert = new RawStatement(_connection, "INSERT INTO t (value) VALUES (?)");
        foreach (var value in values)
        {
            Bind(insert, value);
            insert.Execute().Should().BeTrue();
        }

        Read().Should().BeEquivalentTo(values, options => options.WithStrictOrdering());
    }

    /// <summary>Property: of random sequences every row is right, so no value is taken for the one before.</summary>
    [Fact]
    public void RandomRowsAreRight()
    {
        var random = new Random(TestSeed.Value);
        object?[] pool = [null, 0L, 1L, 2L, "a", "b", "", 1.0, 2.5, new byte[] { 7 }];
        var values = Enumerable.Range(0, 5_000).Select(_ => pool[random.Next(pool.Length)]).ToList();
        using var insert = new RawStatement(_connection, "INSERT INTO t (value) VALUES (?)");
        foreach (var value in values)
        {
            Bind(insert, value);
            insert.Execute();
        }

        Read().Select(Show).Should().Equal(values.Select(Show), "seed {0}", TestSeed.Value);
    }

    static string Show(object? value) => value is byte[] bytes ? Convert.ToHexString(bytes) : $"{value?.GetType().Name} {value}";

    static void Bind(RawStatement statement, object? value)
    {
        switch (value)
        {
            case double number:
                statement.Bind(1, (double?)number);
                break;
            case byte[] bytes:
                statement.BindBlob(1, bytes);
                break;
            default:
                statement.Bind(1, value);
                break;
        }
    }

    List<object?> Read()
    {
        using var rows = new SqliteRows(_connection, "SELECT value FROM t ORDER BY id");
        List<object?> values = [];
        while (rows.Next())
        {
            values.Add(rows.TypeOf(0) switch
            {
                CellType.Null => null,
                CellType.Integer => rows.GetInteger(0),
                CellType.Real => rows.GetReal(0),
                CellType.Text => rows.GetString(0),
                _ => rows.GetBlob(0).ToArray(),
            });
        }

        return values;
    }
}
