using TokenGovernance.Domain;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Budgets.Usage;

/// <summary>Reads usage from the roll-up, with the names that it goes by.</summary>
/// <param name="store">The store.</param>
/// <param name="detail">Which names are asked for.</param>
sealed class UsageRows(IStoreReader store, NameDetail detail) : IDisposable
{
    readonly RollupLevel _level = detail is NameDetail.Sessions ? RollupLevel.Attributions : RollupLevel.Groups;
    readonly IRollup _rollup = store.OpenRollup();
    readonly Lazy<IQuarterCosts> _costs = new(store.OpenQuarterCosts, isThreadSafe: false);
    readonly Dictionary<(RollupLevel Level, long Id, long Model), UsageNames> _names = [];
    readonly Dictionary<(RollupLevel Level, long Id), AttributionNames> _attributions = [];
    readonly Dictionary<long, ModelNames> _models = [];

    /// <summary>Returns the usage of a range of time, by the start of the call.</summary>
    /// <param name="range">Which.</param>
    /// <param name="cutsOf">At which of its quarter-hours a day, counted since 1970, UTC, has to be cut; NULL: at each.</param>
    public IEnumerable<UsageRow> Read(TimeRange range, Func<int, IReadOnlyList<int>?> cutsOf) =>
        _rollup.Read(_level, range, day => CutOf(cutsOf(day))).Select(RowOf);

    /// <summary>Returns the usage of a quarter-hour and of all that come after it.</summary>
    public IEnumerable<UsageRow> ReadFrom(int quarter) => _rollup.ReadFrom(_level, quarter).Select(RowOf);

    /// <summary>Returns what quarter-hours cost, in the order of time.</summary>
    /// <param name="first">The first quarter-hour.</param>
    /// <param name="end">The first one after the last.</param>
    public IEnumerable<SpentRow> ReadSpent(int first, int end) => _costs.Value.Read(first, end)
        .Select(row => new SpentRow(row.Quarter, NamesOf(RollupLevel.Attributions, row.Attribution, row.Model), row.CostClass, row.CostNano / 1e9, row.OutputTokens));

    public void Dispose()
    {
        if (_costs.IsValueCreated)
        {
            _costs.Value.Dispose();
        }

        _rollup.Dispose();
    }

    static DayCut CutOf(IReadOnlyList<int>? cuts) => cuts switch
    {
        null => DayCut.EachQuarter,
        [] => DayCut.Whole,
        [var only] => new DayCut(0, only),
        _ => cuts.All(at => at % DayCut.EachHour.Step == 0) ? DayCut.EachHour : DayCut.EachQuarter,
    };

    UsageRow RowOf(RollupRow row) => new(row.Quarter, NamesOf(_level, row.Attribution, row.Model), row.Counts, row.Cost, row.CostClass);

    UsageNames NamesOf(RollupLevel level, long id, long model)
    {
        if (!_names.TryGetValue((level, id, model), out var names))
        {
            if (!_attributions.TryGetValue((level, id), out var from))
            {
                _attributions[(level, id)] = from = _rollup.FindNames(level, id, withSession: detail is not NameDetail.Groups);
            }

            if (!_models.TryGetValue(model, out var of))
            {
                _models[model] = of = _rollup.FindModel(model);
            }

            names = new UsageNames(
                from.Agent, from.Session, from.SessionKey, from.Channel, from.ChatType, from.Trigger, from.Job, from.JobName, of.Provider, of.Model,
                from.Home, of.Api, of.ResponseModel, of.Runtime)
            {
                Node = from.Node,
            };
            _names[(level, id, model)] = names;
        }

        return names;
    }
}

/// <summary>Which names of usage are asked for: the fewer, the faster.</summary>
enum NameDetail
{
    /// <summary>All but those of sessions and jobs.</summary>
    Groups,

    /// <summary>All but those of sessions.</summary>
    Jobs,

    /// <summary>All.</summary>
    Sessions,
}
