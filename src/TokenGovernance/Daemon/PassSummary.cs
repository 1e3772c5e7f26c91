using System.Globalization;
using TokenGovernance.Collection;
using TokenGovernance.Domain;
using TokenGovernance.Text;
using static TokenGovernance.Text.NumberFormat;

namespace TokenGovernance.Daemon;

/// <summary>A pass in words.</summary>
static class PassSummary
{
    const int MaxName = 60;

    static readonly FittedColumn[] Columns =
        [new("AGENT", 0, CellKind.Name), new("MODEL", 0, CellKind.Name), new("RESPONSES", 0), new("TOKENS", 0), new("COST (USD)", 0)];

    /// <summary>Such as "3 new events, 4,821 tokens, $0.0123 (main 2, research 1)".</summary>
    public static string OneLine(PassResult pass)
    {
        var stored = pass.Stored;
        if (stored.Added == 0)
        {
            return $"details added to {Count(stored.Enriched, "stored event")}";
        }

        var totals = Total(stored);
        var agents = stored.AddedByModel
            .GroupBy(pair => pair.Key.AgentId, StringComparer.Ordinal)
            .OrderByDescending(agent => agent.Sum(pair => pair.Value.All.Events))
            .Select(agent => $"{Printable(agent.Key)} {Count(agent.Sum(pair => pair.Value.All.Events))}");

        return $"{Count(stored.Added, "new event")}, {Count(totals.All.Total)} tokens, {Cost(totals)} ({string.Join(", ", agents)})";
    }

    /// <summary>The result of a one-shot for people: what was added, by agent and model.</summary>
    public static void Write(TextWriter output, PassResult pass, string storePath)
    {
        var stored = pass.Stored;
        if (stored.AddedByModel.Count > 0)
        {
            WriteTable(output, stored);
        }

        output.WriteLine(stored.Added > 0 || pass.SourcesRead < pass.Sources
            ? $"{Count(stored.Added, "response")} added, {Count(stored.Known, "duplicate")} skipped"
                + $" ({(pass.SourcesRead < pass.Sources ? $"{Count(pass.SourcesRead)} of " : "")}{Count(pass.Sources, "source")}, {Bytes(pass.BytesRead)}, {pass.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s)."
            : $"Up to date: no new responses.{(stored.Enriched > 0 ? $" Details were added to {Count(stored.Enriched, "stored response")}." : "")}");
        if (stored.BelowFloor > 0)
        {
            output.WriteLine($"{Count(stored.BelowFloor, "response")} below the floor passed over: older than what 'retention' keeps single.");
        }

        if (Total(stored).UnmeasuredEvents is var unmeasured and > 0)
        {
            var most = stored.AddedByModel.GroupBy(pair => Name(pair.Key.Provider, pair.Key.Model), pair => pair.Value.UnmeasuredEvents, StringComparer.Ordinal)
                .Select(model => (Name: model.Key, Events: model.Sum())).OrderByDescending(model => model.Events).ThenBy(model => model.Name, StringComparer.Ordinal).First();
            output.WriteLine($"{UnmeasuredText.Of(unmeasured, most.Name, most.Events)}.");
        }

        output.WriteLine($"Store: {storePath}");
    }

    /// <summary>US dollars; responses without a known price or without usage are counted, not added as zero.</summary>
    static string Cost(UsageTotals totals)
    {
        var known = totals.Unpriced.Events + totals.UnmeasuredEvents < totals.All.Events ? Dollars(totals.Known?.Dollars ?? 0)
            : totals.Unpriced.Events > 0 ? "no price known"
            : "not measured";
        var unpriced = totals.Unpriced.Events > 0 && known[0] == '$' ? $" and {Count(totals.Unpriced.Events)} unpriced" : "";

        return totals.UnmeasuredEvents > 0 && known is not "not measured" ? $"{known}{unpriced}, {Count(totals.UnmeasuredEvents)} not measured" : known + unpriced;
    }

    static void WriteTable(TextWriter output, AppendResult stored)
    {
        FittedTable.Write(
            output,
            Columns,
            [
                .. stored.AddedByModel
                    .OrderBy(pair => pair.Key.AgentId, StringComparer.Ordinal)
                    .ThenByDescending(pair => pair.Value.All.Total)
                    .ThenBy(pair => pair.Key.Model, StringComparer.Ordinal)
                    .Select(pair => Row(pair.Key.AgentId, Name(pair.Key.Provider, pair.Key.Model), pair.Value)),
                Row("all", "", Total(stored)),
            ],
            width: null);
        output.WriteLine();
    }

    static string[] Row(string agent, string model, UsageTotals totals) =>
        [Printable(agent), Printable(model), Count(totals.All.Events), Count(totals.All.Total), Cost(totals)];

    static UsageTotals Total(AppendResult stored)
    {
        var total = new UsageTotals();
        foreach (var totals in stored.AddedByModel.Values)
        {
            total.Add(totals);
        }

        return total;
    }

    static string Name(string? provider, string? model) => $"{provider ?? "?"}/{model ?? "?"}";

    static string Printable(string name) => TextWidth.Fit(PrintableText.Of(name), MaxName);
}
