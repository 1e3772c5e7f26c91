using System.Runtime.InteropServices;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Reports;

/// <summary>What a report says of sessions and jobs beside their numbers; read from single responses, of the rows that are shown.</summary>
sealed class RowDetails(ReportQuery query, IRollup rollup, IResponses responses)
{
    readonly Dictionary<int, HashSet<long>> _attributions = [];
    readonly Dictionary<(int Names, long Model), long> _tokens = [];

    public void Add(in RollupRow row, int names)
    {
        (CollectionsMarshal.GetValueRefOrAddDefault(_attributions, names, out _) ??= []).Add(row.Attribution);
        if (query.Detail is RowDetail.Session)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_tokens, (names, row.Model), out _) += 1 + row.Counts.Total;
        }
    }

    public IReadOnlyList<ReportRow> AddTo(IReadOnlyList<ReportRow> rows)
    {
        var shown = rows.SelectMany(row => _attributions[row.Values.Names.Number]).ToHashSet();
        if (query.Detail is RowDetail.Session)
        {
            var spans = responses.ReadSpans(shown);

            return [.. rows.Select(row => row with { Facts = new(Session: SessionOf(row.Values.Names.Number, spans)) })];
        }

        var runs = responses.ReadRuns(shown, query.Range).ToLookup(run => run.Attribution, run => run.Run);

        return [.. rows.Select(row => row with { Facts = new(Runs: RunsOf(row.Values.Names.Number, runs)) })];
    }

    SessionDetail SessionOf(int names, IReadOnlyDictionary<long, (long? FirstMs, long? LastMs)> spans)
    {
        var ours = _attributions[names].Select(spans.GetValueOrDefault).ToList();
        var models = _tokens.Where(pair => pair.Key.Names == names).OrderByDescending(pair => pair.Value)
            .Select(pair => rollup.FindModel(pair.Key.Model)).Select(model => (model.Provider, model.Model)).Distinct().ToList();

        return new SessionDetail(ours.Min(span => span.FirstMs), ours.Max(span => span.LastMs), models);
    }

    /// <summary>Runs are told apart by their id; where OpenClaw wrote none, a session is a run. NULL: responses are gone that would tell.</summary>
    long? RunsOf(int names, ILookup<long, string?> runs) => _attributions[names].Any(responses.AreGone) ? null : _attributions[names]
        .SelectMany(attribution => runs[attribution].Select(run => run ?? $"session {rollup.FindAttribution(attribution).Session}"))
        .Distinct(StringComparer.Ordinal).LongCount();
}

/// <summary>What is known of a session.</summary>
/// <param name="FirstMs">When its first call began, also before the time that the report is about; NULL: no time is known.</param>
/// <param name="LastMs">When its last response was written.</param>
/// <param name="Models">Provider and model, most used first.</param>
sealed record SessionDetail(long? FirstMs, long? LastMs, IReadOnlyList<(string? Provider, string? Model)> Models)
{
    /// <summary>The one used most.</summary>
    public (string? Provider, string? Model) Model => Models.Count > 0 ? Models[0] : default;
}
