using System.Globalization;
using System.Text;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Reports;

/// <summary>Numbers the combinations of names that a report groups by.</summary>
sealed class NameGroups(ReportQuery query)
{
    readonly IReadOnlyList<Dimension> _dimensions = [.. query.By.Where(dimension => !dimension.IsTime())];
    readonly Dictionary<string, int> _groups = new(StringComparer.Ordinal);
    readonly List<DimensionValue[]> _values = [];

    public DimensionValue[] ValuesOf(int group) => _values[group];

    /// <summary>The group of a key, or NULL if a filter leaves it out.</summary>
    public int? Find(UsageBlock block, in UsageKey key)
    {
        foreach (var filter in query.Where)
        {
            if (!Accepts(filter, block, key))
            {
                return null;
            }
        }

        var values = new DimensionValue[_dimensions.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ValueOf(_dimensions[i], block, key);
        }

        var id = IdentityOf(values, block.Names[key.Agent]);
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

    static bool Accepts(NameFilter filter, UsageBlock block, in UsageKey key)
    {
        var value = ValueOf(filter.Dimension, block, key);

        // People know sessions by key and jobs by name.
        return filter.IsNot
            ? filter.Accepts(value.Id) && (value.Label is null || filter.Accepts(value.Label))
            : filter.Accepts(value.Id) || (value.Label is not null && filter.Accepts(value.Label));
    }

    static DimensionValue ValueOf(Dimension dimension, UsageBlock block, in UsageKey key)
    {
        var (id, label) = dimension switch
        {
            Dimension.Agent => (key.Agent, 0),
            Dimension.Model => (key.Model, 0),
            Dimension.Provider => (key.Provider, 0),
            Dimension.Channel => (key.Channel, 0),
            Dimension.Trigger => (key.Trigger, 0),
            Dimension.Job => (key.Job, key.JobName),
            Dimension.Session => (key.Session, key.SessionKey),
            Dimension.ChatType => (key.ChatType, 0),
            _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "no name"),
        };

        return new DimensionValue(block.Names[id], block.Names[label], 0);
    }

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
