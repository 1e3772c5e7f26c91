using System.Globalization;
using TokenGovernance.Collection;
using TokenGovernance.Storage;
using TokenGovernance.Text;

namespace TokenGovernance.Daemon;

/// <summary>A pass in words.</summary>
static class PassSummary
{
    /// <summary>Such as "3 new events, 4,821 tokens, $0.0123 (main 2, research 1)".</summary>
    public static string OneLine(PassResult pass)
    {
        var stored = pass.Stored;
        if (stored.Added == 0)
        {
            return $"{Count(stored.Enriched, "event")} attributed better";
        }

        var sum = Total(stored);
        var agents = stored.AddedByModel
            .GroupBy(pair => pair.Key.AgentId, StringComparer.Ordinal)
            .OrderByDescending(agent => agent.Sum(pair => pair.Value.Events))
            .Select(agent => $"{Printable(agent.Key)} {Number(agent.Sum(pair => pair.Value.Events))}");

        return $"{Count(stored.Added, "new event")}, {Number(sum.Tokens)} tokens, {Money(sum)} ({string.Join(", ", agents)})";
    }

    /// <summary>The result of a one-shot for people: what was added, by agent and model.</summary>
    public static void Write(TextWriter output, PassResult pass, string storePath)
    {
        var stored = pass.Stored;
        if (stored.AddedByModel.Count > 0)
        {
            WriteTable(output, stored);
        }

        output.WriteLine(stored.Added == 0
            ? $"Nothing new: {Count(stored.Known, "event")} met again, {Number(stored.Enriched)} attributed better."
            : $"{Count(stored.Added, "event")} added, {Number(stored.Known)} known"
                + $" ({Count(pass.SourcesRead, "source")}, {NumberFormat.Bytes(pass.BytesRead)}, {pass.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s).");
        output.WriteLine($"Store: {storePath}");
    }

    public static string Lines(int count) => Count(count, "line");

    /// <summary>US dollars; what has no price is said, not added as zero.</summary>
    public static string Money(UsageSum sum) =>
        sum.Unpriced == 0 ? Dollars(sum.Cost)
        : sum.Unpriced == sum.Events ? "no price known"
        : $"{Dollars(sum.Cost)} and {Number(sum.Unpriced)} unpriced";

    static void WriteTable(TextWriter output, AppendResult stored)
    {
        string[][] rows =
        [
            ["AGENT", "MODEL", "RESPONSES", "TOKENS", "COST (USD)"],
            .. stored.AddedByModel
                .OrderBy(pair => pair.Key.AgentId, StringComparer.Ordinal)
                .ThenByDescending(pair => pair.Value.Tokens)
                .ThenBy(pair => pair.Key.Model, StringComparer.Ordinal)
                .Select(pair => Row(pair.Key.AgentId, $"{pair.Key.Provider ?? "?"}/{pair.Key.Model ?? "?"}", pair.Value)),
            Row("all", "", Total(stored)),
        ];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, column) => column < 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }

        output.WriteLine();
    }

    static string[] Row(string agent, string model, UsageSum sum) =>
        [Printable(agent), Printable(model), Number(sum.Events), Number(sum.Tokens), Money(sum)];

    static UsageSum Total(AppendResult stored) => stored.AddedByModel.Values.Aggregate(
        (a, b) => new UsageSum(a.Events + b.Events, a.Tokens + b.Tokens, a.Cost + b.Cost, a.Unpriced + b.Unpriced));

    static string Printable(string name)
    {
        var text = PrintableText.Of(name);

        return text.Length > 60 ? $"{text[..59]}…" : text;
    }

    static string Count(long count, string noun) => $"{Number(count)} {noun}{(count == 1 ? "" : "s")}";

    static string Dollars(decimal cost) => $"${cost.ToString("#,##0.0000", CultureInfo.InvariantCulture)}";

    static string Number<T>(T number)
        where T : IFormattable => number.ToString("#,##0", CultureInfo.InvariantCulture);
}
