using System.Globalization;
using TokenGovernance.Benchmarks.Processes;
using TokenGovernance.Configuration;
using TokenGovernance.Fleet;

namespace TokenGovernance.Benchmarks.Fleets;

/// <summary>Measures the first push of a store and one with nothing to push beside `export-csv`, by turns, as whole processes; then checks what is in the database.</summary>
sealed class WholeStoreCosts(string program, string store, string url, PostgresAddress address, string folder)
{
    const double Mebibyte = 1 << 20;

    const string DropTables = """
        DROP TABLE IF EXISTS tg_schema, tg_nodes, usage_events, usage_event_copies, tg_set_aside, tg_call_times, provider_usage_snapshots CASCADE;
        """;

    public async Task WriteAsync(int runs, TextWriter output, CancellationToken stop)
    {
        (string Name, List<Measurement> Runs) first = ("first push", []), nothing = ("push with nothing new", []), csv = ("`export-csv`", []);
        for (var run = 0; run < runs; run++)
        {
            await DoAsync(async target => await target.DoAsync(
                async connection =>
                {
                    await connection.ExecuteAsync(DropTables, stop);

                    return true;
                },
                stop));
            Child.Run(program, "fleet", "init", "--url", url);
            csv.Runs.Add(Child.Run(program, "export-csv", "--db", store, "--out-dir", Path.Combine(folder, "csv")));
            first.Runs.Add(Child.Run(program, "fleet", "push", "--db", store, "--url", url));
            nothing.Runs.Add(Child.Run(program, "fleet", "push", "--db", store, "--url", url));
        }

        output.WriteLine("| what | s, min | CPU s, min | median | peak MiB | CPU ÷ `export-csv` |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (var (name, all) in new[] { csv, first, nothing })
        {
            var cpu = all.Select(run => run.CpuSeconds).Order().ToList();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {all.Min(run => run.WallSeconds):0.00} | {cpu[0]:0.000} | {cpu[cpu.Count / 2]:0.000} | {all.Max(run => run.PeakBytes) / Mebibyte:0} | {cpu[0] / csv.Runs.Min(run => run.CpuSeconds):0.00} |"));
        }

        output.WriteLine();
        await DoAsync(async target => output.WriteLine(await target.DoAsync(connection => DescribeAsync(connection, stop), stop)));
        output.WriteLine();
    }

    static async Task<string> DescribeAsync(Npgsql.NpgsqlConnection connection, CancellationToken stop)
    {
        await connection.ExecuteAsync("VACUUM ANALYZE usage_events", stop);
        await using var command = connection.Command("""
            SELECT (SELECT count(*) FROM usage_events), (SELECT count(DISTINCT event_key) FROM usage_events), count(*),
              coalesce(sum(pg_total_relation_size(inhrelid)), 0)::bigint, coalesce(sum(pg_indexes_size(inhrelid)), 0)::bigint
            FROM pg_inherits WHERE inhparent = 'usage_events'::regclass
            """);
        await using var row = await command.ExecuteReaderAsync(stop);
        await row.ReadAsync(stop);
        var (rows, bytes, indexes) = (row.GetInt64(0), row.GetInt64(3), row.GetInt64(4));

        return string.Create(
            CultureInfo.InvariantCulture,
            $"In the database: {rows:N0} rows, {row.GetInt64(1):N0} keys, {row.GetInt64(2)} partitions, {bytes:N0} bytes: {bytes / (double)rows:0} a row, of which {indexes / (double)rows:0} are indexes.");
    }

    async Task DoAsync(Func<FleetTarget, Task> action)
    {
        await using var target = new FleetTarget(address, passwordFile: null);
        await action(target);
    }
}
