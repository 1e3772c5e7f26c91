using System.Globalization;
using Microsoft.Data.Sqlite;
using TokenGovernance.Benchmarks.Processes;

namespace TokenGovernance.Benchmarks.Large;

/// <summary>Measures reports of a large store as whole processes.</summary>
sealed class ReportCosts(string program, string store, int runs)
{
    const double Mebibyte = 1 << 20;

    static readonly (string Arguments, double? Limit)[] Reports =
    [
        ("report today", 0.1), ("report today --tz Europe/Vienna", 0.1), ("report --by agent,model", 0.3), ("report --by day,agent,model", 1), ("report sessions", 1),
        ("report --by month,agent,model --tz Europe/Vienna", null), ("report --by day --tz America/Los_Angeles", null), ("report --by day --tz Asia/Kolkata", null),
        ("report --by hour", null), ("report --by error", null), ("report --by job", null), ("report trend", null),
    ];

    public void Write(TextWriter output)
    {
        output.WriteLine($"{Describe()}");
        output.WriteLine();
        output.WriteLine("| report | lines | limit, CPU s | CPU s, min | median | peak MiB |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (var (arguments, limit) in Reports)
        {
            var all = Enumerable.Range(0, runs).Select(_ => Child.Run(program, [.. arguments.Split(' '), "--db", store])).ToList();
            var cpu = all.Select(run => run.CpuSeconds).Order().ToList();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| `{arguments}` | {all[0].Output.Count(c => c == '\n'):N0} | {limit} | {cpu[0]:0.00} | {cpu[cpu.Count / 2]:0.00} | {all.Max(run => run.PeakBytes) / Mebibyte:0} |"));
        }

        output.WriteLine();
    }

    string Describe()
    {
        using var connection = new SqliteConnection($"Data Source={store};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT (SELECT sum(events) FROM usage_group_days), (SELECT count(*) FROM sessions), (SELECT count(*) FROM usage_groups),
              (SELECT count(*) FROM usage_days), (SELECT count(*) FROM usage_group_days)
            """;
        using var row = command.ExecuteReader();
        row.Read();
        var (events, size) = (row.GetInt64(0), new FileInfo(store).Length);

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{events:N0} responses, {row.GetInt64(1):N0} sessions, {row.GetInt64(2):N0} groups; {size / (double)events:0} bytes a response; {row.GetInt64(3):N0} sums by day and attribution, {row.GetInt64(4):N0} by day and group.");
    }
}
