using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace TokenGovernance.Tests;

/// <summary>Every statement that runs on a connection, and how SQLite carries each out.</summary>
sealed partial class QueryPlans
{
    const int TriggerPlans = 1008;

    readonly SqliteConnection _connection;
    readonly Dictionary<string, string> _statements = [];
    bool _isOn = true;

    /// <summary>Begins to listen.</summary>
    public QueryPlans(SqliteConnection connection)
    {
        _connection = connection;
        raw.sqlite3_trace(connection.Handle, Note, null!);
    }

    /// <summary>What was run: each once, whatever its values were.</summary>
    public IReadOnlyCollection<string> Statements => _statements.Keys;

    /// <summary>Explains all that was run, triggers included, and listens no longer: whole scans of a table or index, each with its statement.</summary>
    public IReadOnlyList<(string Step, string Statement)> FindScans()
    {
        _isOn = false;
        raw.sqlite3_db_config(_connection.Handle, TriggerPlans, 1, out _);

        return [.. _statements.SelectMany(pair => Explain(pair.Value).Where(step => step.StartsWith("SCAN ", StringComparison.Ordinal))
            .Select(step => (step, pair.Key))).Distinct()];
    }

    List<string> Explain(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {sql}";
        using var reader = command.ExecuteReader();
        var steps = new List<string>();
        while (reader.Read())
        {
            steps.Add(reader.IsDBNull(3) ? "" : reader.GetString(3));
        }

        return steps;
    }

    void Note(object _, string sql)
    {
        if (_isOn && Explainable().IsMatch(sql))
        {
            _statements.TryAdd(Literal().Replace(sql, "?"), sql);
        }
    }

    [GeneratedRegex(@"^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Explainable();

    [GeneratedRegex(@"[xX]?'(?:[^']|'')*'|(?<![\w$.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|\bNULL\b")]
    private static partial Regex Literal();
}
