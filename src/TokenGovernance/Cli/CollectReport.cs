using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Collection;

namespace TokenGovernance.Cli;

/// <summary>The JSON of `collect --once --json`. Fields may be added, never renamed.</summary>
/// <param name="EventsUnmeasured">Those of the added events whose usage OpenClaw did not measure.</param>
/// <param name="EventsBelowFloor">Events that were passed over, because they are older than what `retention` keeps.</param>
/// <param name="QuotaSnapshots">Rows stored; left out if no quota reading was taken.</param>
sealed record CollectReport(
    long EventsAdded, long EventsKnown, long EventsEnriched, int SourcesRead, long BytesRead, int BadLines,
    IReadOnlyList<FailedSource> FailedSources, double Seconds, long EventsUnmeasured, long EventsBelowFloor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? QuotaSnapshots)
{
    public static CollectReport From(PassResult pass, int? quotaSnapshots) => new(
        pass.Stored.Added,
        pass.Stored.Known,
        pass.Stored.Enriched,
        pass.SourcesRead,
        pass.BytesRead,
        pass.BadLines,
        [.. pass.Failures.Select(failure => new FailedSource(failure.Source, failure.Reason))],
        Math.Round(pass.Elapsed.TotalSeconds, 3),
        pass.Stored.AddedByModel.Values.Sum(totals => totals.UnmeasuredEvents),
        pass.Stored.BelowFloor,
        quotaSnapshots);

    public string ToJson() => JsonSerializer.Serialize(this, CollectReportJson.Default.CollectReport);
}

/// <summary>A source that could not be read, and why.</summary>
sealed record FailedSource(string Source, string Reason);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CollectReport))]
sealed partial class CollectReportJson : JsonSerializerContext;
