using System.Collections;

namespace TokenGovernance.Text;

/// <summary>Rows that are made each time they are asked for: a long table is never whole in memory.</summary>
/// <param name="count">How many there are.</param>
/// <param name="make">Makes the row at a place, from 0; the same row for the same place each time.</param>
sealed class RowsOnDemand<T>(int count, Func<int, T> make) : IReadOnlyList<T>
{
    public int Count => count;

    public T this[int index] => index >= 0 && index < count ? make(index) : throw new ArgumentOutOfRangeException(nameof(index));

    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0; i < count; i++)
        {
            yield return make(i);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
