using System.Globalization;
using TokenGovernance.Text;

namespace TokenGovernance.Configuration;

/// <summary>A table of the file. It remembers which keys were asked for: all others are unknown.</summary>
/// <param name="title">How messages call it, such as `[collect]`; the top of the file has none.</param>
/// <param name="line">Where it begins, from 1.</param>
/// <param name="problems">Takes what is wrong, with its line.</param>
sealed class Section(string title, int line, List<(int Line, string Text)> problems)
{
    readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    readonly SortedSet<string> _known = new(StringComparer.Ordinal);

    public string Title => title;

    public int Line => line;

    /// <summary>What the file says here.</summary>
    public IReadOnlyCollection<string> Keys => _entries.Keys;

    /// <summary>Adds what the file says; keys are unique, the parser saw to that.</summary>
    public void Add(string key, object value, int at) => _entries[key] = new Entry(value, at);

    /// <summary>The table of a key, made if there is none yet.</summary>
    public Section GetOrAddTable(string key, int at)
    {
        if (_entries.TryGetValue(key, out var entry))
        {
            return entry.Value as Section ?? ((List<Section>)entry.Value)[^1];
        }

        var table = new Section(TitleOf(key, "[", "]"), at, problems);
        Add(key, table, at);

        return table;
    }

    /// <summary>Adds one more table to those of a key.</summary>
    public Section AddToTables(string key, int at)
    {
        if (!_entries.TryGetValue(key, out var entry))
        {
            Add(key, new List<Section>(), at);
            entry = _entries[key];
        }

        var table = new Section(TitleOf(key, "[[", "]]"), at, problems);
        ((List<Section>)entry.Value).Add(table);

        return table;
    }

    /// <summary>True if the file says anything about a key.</summary>
    public bool Has(string key)
    {
        _known.Add(key);

        return _entries.ContainsKey(key);
    }

    public string? Text(string key) => Read<string>(key, "a text in quotes") is { Length: > 0 } text ? text : null;

    public bool Flag(string key) => Read<object>(key, "true or false") switch
    {
        null => false,
        bool flag => flag,
        _ => Wrong<bool>(key, "true or false"),
    };

    /// <summary>A number in a range, or NULL.</summary>
    public double? Number(string key, Limits limits)
    {
        var expected = string.Create(CultureInfo.InvariantCulture, $"a number from {limits.Least} to {limits.Most}");
        double? number = Read<object>(key, expected) switch
        {
            null => null,
            long whole => whole,
            double real => real,
            _ => double.NaN,
        };

        return number is null || limits.Contain(number.Value) ? number : Wrong<double?>(key, expected);
    }

    /// <summary>A whole number in a range, or NULL.</summary>
    public int? Integer(string key, Limits limits) =>
        Number(key, limits) is not { } number ? null
        : number == Math.Truncate(number) ? (int)number
        : Wrong<int?>(key, "a whole number");

    /// <summary>One text or a list of texts; NULL if the key is not there.</summary>
    public IReadOnlyList<string>? Texts(string key)
    {
        const string expected = "a text in quotes or a list of such texts";

        return Read<object>(key, expected) switch
        {
            null => null,
            string text => [text],
            List<object> list when list.All(item => item is string) => [.. list.Cast<string>()],
            _ => Wrong<IReadOnlyList<string>>(key, expected),
        };
    }

    /// <summary>One whole number in a range, or a list of them; NULL if the key is not there.</summary>
    public IReadOnlyList<int>? Integers(string key, Limits limits)
    {
        var expected = string.Create(CultureInfo.InvariantCulture, $"whole numbers from {limits.Least} to {limits.Most}, such as [50, 80]");
        var list = Read<object>(key, expected) switch
        {
            null => null,
            List<object> many => many,
            var one => [one],
        };

        return list is null ? null
            : list.All(item => item is long number && limits.Contain(number)) ? [.. list.Select(item => (int)(long)item)]
            : Wrong<IReadOnlyList<int>>(key, expected);
    }

    /// <summary>A text that means something, or NULL.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="parse">Returns NULL for a text that means nothing.</param>
    /// <param name="expected">What it should be, for the message.</param>
    public T? Parsed<T>(string key, Func<string, T?> parse, string expected)
        where T : class =>
        Text(key) is not { } text ? null : parse(text) ?? Wrong<T>(key, expected);

    /// <summary>As for what is a class.</summary>
    public T? Parsed<T>(string key, Func<string, T?> parse, string expected)
        where T : struct =>
        Text(key) is not { } text ? null : parse(text) ?? Wrong<T?>(key, expected);

    /// <summary>A text that must be there, or NULL; then that is said.</summary>
    public T? Required<T>(string key, Func<string, T?> parse, string expected)
        where T : class
    {
        RequireKey(key, expected);

        return Parsed(key, parse, expected);
    }

    /// <summary>As for what is a class.</summary>
    public T? Required<T>(string key, Func<string, T?> parse, string expected)
        where T : struct
    {
        RequireKey(key, expected);

        return Parsed(key, parse, expected);
    }

    /// <summary>The table of a key, or NULL.</summary>
    public Section? Table(string key) => Read<Section>(key, "a table");

    /// <summary>The tables of a key that is written in double brackets; none if it is not there.</summary>
    public IReadOnlyList<Section> Tables(string key) => Read<List<Section>>(key, $"tables, each headed [[{key}]]") ?? [];

    public bool IsTable(string key) => Has(key) && _entries[key].Value is Section;

    /// <summary>Says what is wrong with a key's value: what stands after the key's name.</summary>
    public void Fail(string key, string text) => problems.Add((_entries[key].Line, $"{key} {text}"));

    /// <summary>Says what is wrong with the section as a whole.</summary>
    public void FailAll(string text) => problems.Add((line, text));

    /// <summary>Says that the value of a key is wrong.</summary>
    public T? Wrong<T>(string key, string expected)
    {
        problems.Add((_entries[key].Line, $"{key} takes {expected}"));

        return default;
    }

    /// <summary>To be called when all keys were asked for: what is left is a mistake.</summary>
    public void RejectUnknown()
    {
        foreach (var (key, entry) in _entries.Where(entry => !_known.Contains(entry.Key)))
        {
            var near = NearestWord.Find(key, _known) is { } name ? $"; did you mean '{name}'?" : $". Known: {string.Join(", ", _known)}";
            problems.Add((entry.Line, $"unknown key '{key}'{(title.Length > 0 ? $" in {title}" : "")}{near}"));
        }
    }

    T? Read<T>(string key, string expected)
        where T : class
    {
        _known.Add(key);

        return !_entries.TryGetValue(key, out var entry) ? null : entry.Value as T ?? Wrong<T>(key, expected);
    }

    void RequireKey(string key, string expected)
    {
        if (!Has(key))
        {
            FailAll($"{title} needs {key}: {expected}");
        }
    }

    string TitleOf(string key, string open, string close) => $"{open}{(title.Length > 0 ? $"{title.Trim('[', ']')}." : "")}{key}{close}";

    sealed record Entry(object Value, int Line);
}
