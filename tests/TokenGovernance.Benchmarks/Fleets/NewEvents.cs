using System.Globalization;
using TokenGovernance.Benchmarks.Corpora;
using TokenGovernance.Domain;

namespace TokenGovernance.Benchmarks.Fleets;

/// <summary>Invents responses of one session, as they are written now.</summary>
/// <param name="name">No two of a database have the same.</param>
sealed class NewEvents(string name)
{
    int _count;

    public Batch Next(int count = 1) => new() { Events = [.. Enumerable.Range(0, count).Select(_ => NextEvent())] };

    UsageEvent NextEvent() => NewResponse.Make(string.Create(CultureInfo.InvariantCulture, $"{name}-{++_count:x8}"), name, _count);
}
