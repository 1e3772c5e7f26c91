namespace TokenGovernance.Domain;

/// <summary>US dollars per token.</summary>
/// <param name="Input">Per input token.</param>
/// <param name="Output">Per output token.</param>
/// <param name="CacheRead">Per token read from the cache; NULL if the list names none: then the input price holds.</param>
/// <param name="CacheWrite">Per token written to the cache; NULL likewise.</param>
/// <param name="Source">The file it is from, for people.</param>
/// <param name="Key">What the file calls the model.</param>
/// <param name="HasTiers">The list has other prices for long contexts.</param>
sealed record Price(
    decimal Input, decimal Output, decimal? CacheRead, decimal? CacheWrite, string Source, string Key, bool HasTiers = false)
{
    /// <summary>Per token written to the cache for an hour; NULL if the list names none: then it is twice the input price, as Anthropic has it.</summary>
    public decimal? CacheWrite1h { get; init; }

    /// <summary>A price of zero only says that nobody entered one.</summary>
    public bool IsNone => Input == 0 && Output == 0 && CacheRead is null or 0 && CacheWrite is null or 0;
}

/// <summary>List prices of models, from several sources; the first that knows a model decides.</summary>
sealed class PriceList
{
    readonly Dictionary<string, Price> _prices = new(StringComparer.OrdinalIgnoreCase);
    readonly HashSet<string> _localProviders = new(StringComparer.OrdinalIgnoreCase)
    {
        "gpt4all", "jan", "koboldcpp", "llama-cpp", "llama.cpp", "llamacpp", "llamafile", "lm-studio", "lmstudio", "local", "localai", "mlx", "ollama",
        "sglang", "tabby", "text-generation-webui", "vllm",
    };

    /// <summary>What the user should know about the prices.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Adds a price, unless there is one for its key (`provider/model` or `model`).</summary>
    public void Add(Price price)
    {
        if (!price.IsNone)
        {
            _prices.TryAdd(price.Key, price);
        }
    }

    /// <summary>Says that a provider runs its models on a machine of the user's.</summary>
    public void AddLocalProvider(string provider) => _localProviders.Add(provider);

    public bool IsLocal(string? provider) => provider is not null && _localProviders.Contains(provider);

    /// <summary>The price of a provider's model, else of a model of that name, unless the provider is local: its models cost no list price.</summary>
    public Price? Find(string? provider, string? model) =>
        model is null ? null
        : provider is not null && _prices.TryGetValue($"{provider}/{model}", out var exact) ? exact
        : IsLocal(provider) ? null
        : _prices.GetValueOrDefault(model);
}
