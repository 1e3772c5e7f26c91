using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Reports;

/// <summary>Numbers the combinations of names that a report groups by.</summary>
sealed class NameGroups(ReportQuery query, RollupReader rollup)
{
    readonly IReadOnlyList<Dimension> _dimensions = [.. query.By.Where(dimension => !dimension.IsTime())];
    readonly Dictionary<(long Attribution, long Model), int?> _found = [];
    readonly Dictionary<string, int> _groups = new(StringComparer.Ordinal);
    readonly List<DimensionValue[]> _values = [];

    public DimensionValue[] ValuesOf(int group) => _values[group];

    /// <summary>The group of events with an attribution and a model, or NULL if a filter leaves them out.</summary>
    public int? Find(long attribution, long model)
    {
        ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(_found, (attribution, model), out var known);

        return known ? group : group = Find(rollup.FindAttribution(attribution), rollup.FindModel(model));
    }

    int? Find(AttributionNames names, ModelNames model)
    {
        if (!query.Where.All(filter => Accepts(filter, names, model)))
        {
            return null;
        }

        var values = new DimensionValue[_dimensions.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ValueOf(_dimensions[i], names, model);
        }

        var id = IdentityOf(values, names.Agent);
        if (!_groups.TryGetValue(id, out var group))
        {
            group = _values.Count;
            _groups.Add(id, group);
            _values.Add(values);
        }
        else
        {
            LearnLabels(_values[group], values);
        }

        return group;
    }

    static bool Accepts(NameFilter filter, AttributionNames names, ModelNames model)
    {
        var value = ValueOf(filter.Dimension, names, model);

        // People know sessions by key and jobs by name.
        return filter.IsNot
            ? filter.Accepts(value.Id) && (value.Label is null || filter.Accepts(value.Label))
            : filter.Accepts(value.Id) || (value.Label is not null && filter.Accepts(value.Label));
    }

    static DimensionValue ValueOf(Dimension dimension, AttributionNames names, ModelNames model) => dimension switch
    {
        Dimension.Agent => new(names.Agent, null, 0),
        Dimension.Model => new(model.Model, null, 0),
        Dimension.Provider => new(model.Provider, null, 0),
        Dimension.Channel => new(names.Channel, null, 0),
        Dimension.Trigger => new(names.Trigger, null, 0),
        Dimension.Job => new(names.Job, names.JobName, 0),
        Dimension.Session => new(names.Session, names.SessionKey, 0),
        Dimension.ChatType => new(names.ChatType, null, 0),
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
