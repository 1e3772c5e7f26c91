using TokenGovernance.Domain;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Budgets.Usage;

/// <summary>Reads usage from the roll-up, with the names that it goes by.</summary>
/// <param name="store">The store.</param>
/// <param name="withSessions">Also with the names of sessions and jobs: that takes several times as long.</param>
sealed class UsageRows(IStoreReader store, bool withSessions) : IDisposable
{
    readonly IRollup _rollup = store.OpenRollup();
    readonly Lazy<IQuarterCosts> _costs = new(store.OpenQuarterCosts, isThreadSafe: false);
    readonly Dictionary<(long Attribution, long Model), UsageNames> _names = [];
    readonly Dictionary<long, AttributionNames> _attributions = [];
    readonly Dictionary<long, ModelNames> _models = [];

    /// <summary>Returns the usage of a range of time, by the start of the call.</summary>
    /// <param name="range">Which.</param>
    /// <param name="isWhole">Of which days, counted since 1970, UTC, one sum will do.</param>
    public IEnumerable<UsageRow> Read(TimeRange range, Func<int, bool> isWhole) => _rollup.Read(range, isWhole).Select(RowOf);

    /// <summary>Returns the usage of a quarter-hour and of all that come after it.</summary>
    public IEnumerable<UsageRow> ReadFrom(int quarter) => _rollup.ReadFrom(quarter).Select(RowOf);

    /// <summary>Returns what quarter-hours cost, in the order of time.</summary>
    /// <param name="first">The first quarter-hour.</param>
    /// <param name="end">The first one after the last.</param>
    public IEnumerable<SpentRow> ReadSpent(int first, int end) => _costs.Value.Read(first, end)
        .Select(row => new SpentRow(row.Quarter, NamesOf(row.Attribution, row.Model), row.CostClass, row.CostNano / 1e9, row.OutputTokens));

    public void Dispose()
    {
        if (_costs.IsValueCreated)
        {
            _costs.Value.Dispose();
        }

        _rollup.Dispose();
    }

    UsageRow RowOf(RollupRow row) => new(row.Quarter, NamesOf(row.Attribution, row.Model), row.Counts, row.Cost, row.CostClass);

    UsageNames NamesOf(long attribution, long model)
    {
        if (!_names.TryGetValue((attribution, model), out var names))
        {
            if (!_attributions.TryGetValue(attribution, out var from))
            {
                _attributions[attribution] = from = withSessions ? _rollup.FindAttribution(attribution) : _rollup.FindAgent(attribution);
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
            _names[(attribution, model)] = names;
        }

        return names;
    }
}
