using System.Collections;

namespace TokenGovernance.Reports;

/// <summary>The values of a row, in the order of its dimensions: names and spans of time are kept once for all rows that share them.</summary>
/// <param name="Places">Where the value of each dimension is: from 0 in the names, from -1 downwards in the spans of time.</param>
/// <param name="Names">The dimensions that are names.</param>
/// <param name="Times">Values of the dimensions that are spans of time.</param>
readonly record struct RowValues(int[] Places, NameGroup Names, DimensionValue[] Times) : IReadOnlyList<DimensionValue>
{
    public int Count => Places.Length;

    public DimensionValue this[int index] => Places[index] is >= 0 and var name ? Names.Values[name] : Times[~Places[index]];

    /// <summary>The places for some dimensions.</summary>
    public static int[] PlacesOf(IEnumerable<Dimension> dimensions)
    {
        var (name, time) = (0, 0);

        return [.. dimensions.Select(dimension => dimension.IsTime() ? ~time++ : name++)];
    }

    public IEnumerator<DimensionValue> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
