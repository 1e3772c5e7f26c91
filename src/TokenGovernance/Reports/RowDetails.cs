using System.Runtime.InteropServices;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Reports;

/// <summary>What a report says of sessions and jobs beside their numbers; read from single responses, of the rows that are shown.</summary>
sealed class RowDetails(ReportQuery query, RollupReader rollup, ResponseReader responses)
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

    public ReportRow AddTo(ReportRow row) => query.Detail is RowDetail.Session
        ? row with { Session = SessionOf(row.Names) }
        : row with { Runs = RunsOf(row.Names) };

    SessionDetail SessionOf(int names)
    {
        var (first, last) = (default(long?), default(long?));
        foreach (var response in _attributions[names].SelectMany(responses.Read))
        {
            first = Least(first, response.StartMs ?? response.EndMs);
            last = -Least(-last, -(response.EndMs ?? response.StartMs));
        }

        var models = _tokens.Where(pair => pair.Key.Names == names).OrderByDescending(pair => pair.Value)
            .Select(pair => rollup.FindModel(pair.Key.Model)).Select(model => (model.Provider, model.Model)).Distinct().ToList();

        return new SessionDetail(first, last, models);
    }

    /// <summary>Runs are told apart by their id; where OpenClaw wrote none, a session is a run.</summary>
    long RunsOf(int names) => _attributions[names]
        .SelectMany(attribution => responses.Read(attribution)
            .Where(response => (query.Range.FromMs is null && query.Range.BeforeMs is null) || (response.StartMs is { } ms && query.Range.Contains(ms)))
            .Select(response => response.Run ?? $"session {rollup.FindAttribution(attribution).Session}"))
        .Distinct(StringComparer.Ordinal).LongCount();

    static long? Least(long? a, long? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);
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
