using TokenGovernance.Budgets.Usage;
using TokenGovernance.Reports;

namespace TokenGovernance.Budgets.Limits;

/// <summary>Finds which of many scopes accept some names, without asking each: most scopes ask for one agent, job, ….</summary>
sealed class ScopeIndex
{
    readonly IReadOnlyList<IReadOnlyList<NameFilter>> _scopes;
    readonly Dictionary<(Dimension Dimension, string Name), List<int>> _byName = [];
    readonly List<int> _others = [];
    readonly List<Dimension> _dimensions = [];

    /// <param name="scopes">The filters of each.</param>
    public ScopeIndex(IReadOnlyList<IReadOnlyList<NameFilter>> scopes)
    {
        _scopes = scopes;
        foreach (var (number, filters) in scopes.Index())
        {
            if (filters.FirstOrDefault(filter => !filter.IsNot) is not { } first)
            {
                _others.Add(number);

                continue;
            }

            if (!_dimensions.Contains(first.Dimension))
            {
                _dimensions.Add(first.Dimension);
            }

            foreach (var name in first.Names)
            {
                if (!_byName.TryGetValue((first.Dimension, name), out var numbers))
                {
                    _byName[(first.Dimension, name)] = numbers = [];
                }

                numbers.Add(number);
            }
        }
    }

    /// <summary>The numbers of the scopes that accept the names, each once.</summary>
    public IEnumerable<int> Find(UsageNames names) => _dimensions
        .SelectMany(dimension => Named(dimension, names.Of(dimension) ?? NameFilter.Unknown).Concat(Named(dimension, names.LabelOf(dimension))))
        .Concat(_others)
        .Distinct()
        .Where(number => names.AreAccepted(_scopes[number]));

    List<int> Named(Dimension dimension, string? name) => name is not null && _byName.TryGetValue((dimension, name), out var numbers) ? numbers : [];
}
