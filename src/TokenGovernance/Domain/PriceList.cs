namespace TokenGovernance.Domain;

/// <summary>US dollars per token.</summary>
/// <param name="Source">Where the price is from, for people.</param>
sealed record Price(decimal Input, decimal Output, decimal CacheRead, decimal CacheWrite, string Source)
{
    /// <summary>A price of zero only says that nobody entered one.</summary>
    public bool IsNone => Input == 0 && Output == 0 && CacheRead == 0 && CacheWrite == 0;
}

/// <summary>List prices of models, from several sources; the first that knows a model decides.</summary>
sealed class PriceList
{
    readonly Dictionary<string, Price> _prices = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What the user should know about the prices.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Adds a price under `provider/model` or `model`, unless there is one.</summary>
    public void Add(string key, Price price)
    {
        if (!price.IsNone)
        {
            _prices.TryAdd(key, price);
        }
    }

    /// <summary>The price of a provider's model, else of a model of that name.</summary>
    public Price? Find(string? provider, string? model) =>
        model is null ? null
        : provider is not null && _prices.TryGetValue($"{provider}/{model}", out var exact) ? exact
        : _prices.GetValueOrDefault(model);
}
