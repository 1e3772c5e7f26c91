namespace TokenGovernance.Domain;

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
