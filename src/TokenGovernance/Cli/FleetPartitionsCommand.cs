using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Domain;
using TokenGovernance.Fleet;
using TokenGovernance.Text;

namespace TokenGovernance.Cli;

/// <summary>`fleet partitions`: the months of the fleet's events.</summary>
static class FleetPartitionsCommand
{
    static readonly FittedColumn[] Columns =
        [new("PARTITION", 0, CellKind.Name), new("MONTH", 0, CellKind.Text), new("SIZE", 0), new("EVENTS (ABOUT)", 0)];

    public static Command Create() => new Command("partitions", "The months of the fleet's events: show them, make them ahead, take the oldest out.")
    {
        List(), MakeAhead(), Detach(),
    }.WithExamples("token-governance fleet partitions list", "token-governance fleet partitions make-ahead --months 6", "token-governance fleet partitions detach 2025-01");

    static Command List()
    {
        var (url, json) = (FleetArguments.Url(), SharedOptions.Json());
        var command = new Command("list", "Show each partition with its size.") { url, json };
        command.SetAction((parse, stop) => FleetCommand.RunAsync(async () =>
        {
            await using var target = parse.OpenFleet(url);
            var partitions = await target.DoAsync(
                async connection =>
                {
                    await RequireMonthsAsync(connection, stop);

                    return await Partitions.ReadAsync(connection, withSizes: true, stop);
                },
                stop);
            var output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(
                    [.. partitions.Select(partition => new PartitionReport(partition.Name, partition.Month is { } month ? Partitions.TextOf(month) : null, partition.Bytes, partition.Rows))],
                    PartitionReportJson.Default.ListPartitionReport));
            }
            else
            {
                FittedTable.Write(
                    output,
                    Columns,
                    [
                        .. partitions.Select(partition => new[]
                        {
                            partition.Name, partition.Month is { } month ? Partitions.TextOf(month) : "all others", NumberFormat.Bytes(partition.Bytes), NumberFormat.Count(partition.Rows),
                        }),
                    ],
                    width: null);
            }

            return ExitCode.Ok;
        }));

        return command.WithExamples("token-governance fleet partitions list", "token-governance fleet partitions list --json");
    }

    static Command MakeAhead()
    {
        var url = FleetArguments.Url();
        var months = Values.Count("--months", 3);
        months.Description = "How many months after this one, at most 24.";
        months.HelpName = "months";
        var command = new Command("make-ahead", "Make the partitions of this month and the next ones, as far as they are missing.") { url, months };
        command.SetAction((parse, stop) => FleetCommand.RunAsync(async () =>
        {
            await using var target = parse.OpenFleet(url);
            var made = await target.DoAsync(
                async connection =>
                {
                    await RequireMonthsAsync(connection, stop);

                    return await Partitions.MakeAsync(connection, Partitions.Ahead(DateTime.UtcNow, parse.GetValue(months)), stop);
                },
                stop);
            parse.InvocationConfiguration.Output.WriteLine($"{NumberFormat.Count(made, "new partition")}.");

            return ExitCode.Ok;
        }));

        return command.WithExamples("token-governance fleet partitions make-ahead", "token-governance fleet partitions make-ahead --months 6");
    }

    static Command Detach()
    {
        var url = FleetArguments.Url();
        var month = new Argument<string>("month") { Description = "The oldest month there is, such as 2025-01." };
        month.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && Partitions.ParseMonth(text) is null)
            {
                result.AddError($"A month is written like 2025-01, not '{text}'.");
            }
        });
        var command = new Command("detach", "Make the oldest month a table of its own: it is no longer counted, and not pushed again.") { month, url };
        command.SetAction((parse, stop) => FleetCommand.RunAsync(async () =>
        {
            await using var target = parse.OpenFleet(url);
            var which = Partitions.ParseMonth(parse.GetRequiredValue(month))!.Value;
            await target.DoAsync(
                async connection =>
                {
                    await RequireMonthsAsync(connection, stop);
                    await Partitions.DetachAsync(connection, which, stop);

                    return true;
                },
                stop);
            parse.InvocationConfiguration.Output.WriteLine(
                $"{Partitions.NameOf(which)} is a table of its own now, and no longer counted. Archive it, then: DROP TABLE {Partitions.NameOf(which)};");

            return ExitCode.Ok;
        }));

        return command.WithExamples("token-governance fleet partitions detach 2025-01");
    }

    static async Task RequireMonthsAsync(Npgsql.NpgsqlConnection connection, CancellationToken stop)
    {
        if (!(await SchemaRow.ReadAsync(connection, stop)).ByMonth)
        {
            throw new UserFacingException("The fleet's tables were made without partitions (fleet init --partition none): there are no months to show, make or detach.");
        }
    }
}

/// <summary>A partition in `fleet partitions list --json`. Fields may be added, never renamed.</summary>
/// <param name="Month">NULL: all others.</param>
/// <param name="Bytes">With its indexes.</param>
/// <param name="EventsEstimated">As the server estimates.</param>
sealed record PartitionReport(string Partition, string? Month, long Bytes, long EventsEstimated);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(List<PartitionReport>))]
sealed partial class PartitionReportJson : JsonSerializerContext;
