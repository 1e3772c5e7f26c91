using System.Globalization;
using TokenGovernance.Collection;
using TokenGovernance.Storage;
using TokenGovernance.Text;
using static TokenGovernance.Text.NumberFormat;

namespace TokenGovernance.Daemon;

/// <summary>A pass in words.</summary>
static class PassSummary
{
    const int MaxName = 60;

    /// <summary>Such as "3 new events, 4,821 tokens, $0.0123 (main 2, research 1)".</summary>
    public static string OneLine(PassResult pass)
    {
        var stored = pass.Stored;
        if (stored.Added == 0)
        {
            return $"details added to {Count(stored.Enriched, "stored event")}";
        }

        var sum = Total(stored);
        var agents = stored.AddedByModel
            .GroupBy(pair => pair.Key.AgentId, StringComparer.Ordinal)
            .OrderByDescending(agent => agent.Sum(pair => pair.Value.Events))
            .Select(agent => $"{Printable(agent.Key)} {Count(agent.Sum(pair => pair.Value.Events))}");

        return $"{Count(stored.Added, "new event")}, {Count(sum.Tokens)} tokens, {Money(sum)} ({string.Join(", ", agents)})";
    }

    /// <summary>The result of a one-shot for people: what was added, by agent and model.</summary>
    public static void Write(TextWriter output, PassResult pass, string storePath)
    {
        var stored = pass.Stored;
        if (stored.AddedByModel.Count > 0)
        {
            WriteTable(output, stored);
        }

        output.WriteLine(stored.Added > 0
            ? $"{Count(stored.Added, "response")} added, {Count(stored.Known, "duplicate")} skipped"
                + $" ({Count(pass.SourcesRead, "source")}, {Bytes(pass.BytesRead)}, {pass.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s)."
            : $"Up to date: no new responses.{(stored.Enriched > 0 ? $" Details were added to {Count(stored.Enriched, "stored response")}." : "")}");
        output.WriteLine($"Store: {storePath}");
    }

    /// <summary>US dollars; responses without a known price are counted, not added as zero.</summary>
    public static string Money(UsageSum sum) =>
        sum.Unpriced == 0 ? Dollars(sum.Cost)
        : sum.Unpriced == sum.Events ? "no price known"
        : $"{Dollars(sum.Cost)} and {Count(sum.Unpriced)} unpriced";

    static void WriteTable(TextWriter output, AppendResult stored)
    {
        TextTable.Write(
            output,
            [
                ["AGENT", "MODEL", "RESPONSES", "TOKENS", "COST (USD)"],
                .. stored.AddedByModel
                    .OrderBy(pair => pair.Key.AgentId, StringComparer.Ordinal)
                    .ThenByDescending(pair => pair.Value.Tokens)
                    .ThenBy(pair => pair.Key.Model, StringComparer.Ordinal)
                    .Select(pair => Row(pair.Key.AgentId, $"{pair.Key.Provider ?? "?"}/{pair.Key.Model ?? "?"}", pair.Value)),
                Row("all", "", Total(stored)),
            ],
            new HashSet<int> { 2, 3, 4 },
            width: null);
        output.WriteLine();
    }

    static string[] Row(string agent, string model, UsageSum sum) =>
        [Printable(agent), Printable(model), Count(sum.Events), Count(sum.Tokens), Money(sum)];

    static UsageSum Total(AppendResult stored) => stored.AddedByModel.Values.Aggregate(
        (a, b) => new UsageSum(a.Events + b.Events, a.Tokens + b.Tokens, a.Cost + b.Cost, a.Unpriced + b.Unpriced));

    static string Printable(string name) => TextWidth.Fit(PrintableText.Of(name), MaxName);
}
