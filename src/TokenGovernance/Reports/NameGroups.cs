using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using TokenGovernance.Domain;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Reports;

/// <summary>Numbers the combinations of names that a report groups by.</summary>
/// <param name="query">What it groups and filters by.</param>
/// <param name="rollup">Tells the names.</param>
/// <param name="trees">Tells who started whom; NULL where that is not asked for.</param>
sealed class NameGroups(ReportQuery query, IRollup rollup, SessionTrees? trees)
{
    readonly IReadOnlyList<Dimension> _dimensions = [.. query.By.Where(dimension => !dimension.IsTime())];
    readonly IReadOnlyList<NameFilter> _filters = [.. query.Where.Where(filter => !filter.Dimension.IsTime())];
    readonly bool _needsSession = query.By.Concat(query.Where.Select(filter => filter.Dimension))
        .Any(dimension => dimension is Dimension.Session or Dimension.Job or Dimension.Parent);

    readonly Dictionary<(long Attribution, long Model, bool IsError), int?> _found = [];
    readonly Dictionary<string, HashSet<string>> _homesOfAgents = new(StringComparer.Ordinal);
    readonly Dictionary<long, ModelNames> _models = [];
    readonly Dictionary<string, NameGroup> _groups = new(StringComparer.Ordinal);
    readonly List<NameGroup> _byNumber = [];

    /// <summary>What the rows are by that these names are found for: by attribution where one of their session is asked for, or single responses are.</summary>
    public RollupLevel Level { get; } =
        query.Detail is not RowDetail.None || query.By.Concat(query.Where.Select(filter => filter.Dimension)).Any(dimension => dimension is Dimension.Session or Dimension.Parent)
            ? RollupLevel.Attributions
            : RollupLevel.Groups;

    public NameGroup this[int number] => _byNumber[number];

    /// <summary>Names of agents that are in several homes.</summary>
    public IReadOnlyList<string> SharedAgents =>
        [.. _homesOfAgents.Where(agent => agent.Value.Count > 1).Select(agent => agent.Key).Order(StringComparer.Ordinal)];

    /// <summary>The group of events with an attribution and a model, or NULL if a filter leaves them out.</summary>
    /// <param name="attribution">Whose.</param>
    /// <param name="model">With which model.</param>
    /// <param name="isError">Failed calls, where the dimension of errors is asked for.</param>
    public int? Find(long attribution, long model, bool isError = false)
    {
        ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(_found, (attribution, model, isError), out var known);

        return known ? group : group = Find(rollup.FindNames(Level, attribution, _needsSession), FindModel(model), isError);
    }

    ModelNames FindModel(long id)
    {
        ref var model = ref CollectionsMarshal.GetValueRefOrAddDefault(_models, id, out var known);

        return known ? model : model = rollup.FindModel(id);
    }

    int? Find(AttributionNames names, ModelNames model, bool isError)
    {
        if (!_filters.All(filter => Accepts(filter, names, model, isError)))
        {
            return null;
        }

        if (names is { Agent: { } agent, Home: { } home })
        {
            (CollectionsMarshal.GetValueRefOrAddDefault(_homesOfAgents, agent, out _) ??= new HashSet<string>(StringComparer.Ordinal)).Add(home);
        }

        var values = new DimensionValue[_dimensions.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ValueOf(_dimensions[i], names, model, isError);
        }

        var id = IdentityOf(values, names.Agent);
        if (!_groups.TryGetValue(id, out var group))
        {
            group = new NameGroup(_byNumber.Count, id, values);
            _groups.Add(id, group);
            _byNumber.Add(group);
        }
        else
        {
            LearnLabels(group.Values, values);
        }

        return group.Number;
    }

    bool Accepts(NameFilter filter, AttributionNames names, ModelNames model, bool isError)
    {
        if (filter.Dimension is Dimension.Session)
        {
            return filter.AcceptsSession(names.Session, names.SessionKey);
        }

        var value = ValueOf(filter.Dimension, names, model, isError);

        return filter.Accepts(value.Id, value.Label);
    }

    DimensionValue ValueOf(Dimension dimension, AttributionNames names, ModelNames model, bool isError) => dimension switch
    {
        Dimension.Agent => new(names.Agent, null, 0),
        Dimension.Model => new(model.Model, null, 0),
        Dimension.Provider => new(model.Provider, null, 0),
        Dimension.Channel => new(names.Channel, null, 0),
        Dimension.Trigger => new(names.Trigger, null, 0),
        Dimension.Job => new(names.Job, names.JobName, 0),
        Dimension.Session => new(names.Session, query.WithIdentifiers ? names.SessionKey : MaskedKey.Of(names.SessionKey), 0),
        Dimension.ChatType => new(names.ChatType, null, 0),
        Dimension.Home => new(names.Home, null, 0),
        Dimension.Parent => new(trees!.RootOf(names.Home, names.Session, names.SessionKey, names.SpawnedBy), null, 0),
        Dimension.ResponseModel => new(model.ResponseModel, null, 0),
        Dimension.Api => new(model.Api, null, 0),
        Dimension.Error => new(isError ? "yes" : "no", null, 0),
        Dimension.Runtime => new(model.Runtime, null, 0),
        Dimension.Node => new(names.Node, null, 0),
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "no name"),
    };

    /// <summary>Each name is preceded by its length, so that no two combinations give the same text.</summary>
    string IdentityOf(DimensionValue[] values, string? agent)
    {
        var id = new StringBuilder();
        for (var i = 0; i < values.Length; i++)
        {
            Append(id, values[i].Id);
            if (_dimensions[i] is Dimension.Session)
            {
                // Two agents may have sessions of one id: they are two.
                Append(id, agent);
            }
        }

        return id.ToString();
    }

    static void Append(StringBuilder id, string? name) => id.Append(CultureInfo.InvariantCulture, $"{name?.Length ?? -1}:{name}");

    /// <summary>A label that came later is known for the events before it as well.</summary>
    static void LearnLabels(DimensionValue[] known, DimensionValue[] values)
    {
        for (var i = 0; i < known.Length; i++)
        {
            if (values[i].Label is { } label && known[i].Label is null)
            {
                known[i] = known[i] with { Label = label };
            }
        }
    }
}

/// <summary>A combination of names.</summary>
/// <param name="Number">From 0, in the order they were found.</param>
/// <param name="Id">The same for the same names in another report by the same dimensions.</param>
/// <param name="Values">A value for each dimension that is a name.</param>
sealed record NameGroup(int Number, string Id, DimensionValue[] Values);
