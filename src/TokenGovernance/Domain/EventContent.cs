using System.Globalization;

namespace TokenGovernance.Domain;

/// <summary>What tells a response from others where entries have no ids: its instant, who answered, what it used, and the provider's id.</summary>
/// <param name="Ms">When it was written, as in <see cref="UsageEvent.EventMs" />.</param>
/// <param name="Input">Tokens; and so on.</param>
readonly record struct EventContent(
    long? Ms, string? Provider, string? Model, long? Input, long? Output, long? CacheRead, long? CacheWrite, long? Total, string? ResponseId)
{
    /// <summary>False of responses that used nothing: of those several may well have one instant.</summary>
    public bool AnyUsed => Input > 0 || Output > 0 || CacheRead > 0 || CacheWrite > 0 || Total > 0;

    public static EventContent Of(UsageEvent usage) => new(
        usage.EventMs, usage.ModelProvider, usage.Model, usage.Tokens.Input, usage.Tokens.Output, usage.Tokens.CacheRead, usage.Tokens.CacheWrite,
        usage.Tokens.Total, usage.ResponseId);

    /// <summary>A hash that is the same in every process.</summary>
    public ulong StableHash()
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var c in string.Create(CultureInfo.InvariantCulture, $"{Ms} {Input} {Output} {CacheRead} {CacheWrite} {Total} {Provider} {Model} {ResponseId}"))
        {
            hash = (hash ^ c) * 1_099_511_628_211UL;
        }

        return hash;
    }
}
