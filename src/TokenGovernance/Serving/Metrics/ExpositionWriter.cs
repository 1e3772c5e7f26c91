using System.Globalization;
using System.Text;

namespace TokenGovernance.Serving.Metrics;

/// <summary>Writes metrics in Prometheus' text format, or as OpenMetrics.</summary>
/// <param name="isOpen">As OpenMetrics.</param>
sealed class ExpositionWriter(bool isOpen)
{
    const string Prefix = "token_governance_";

    public const string TextType = "text/plain; version=0.0.4; charset=utf-8";
    public const string OpenType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    readonly StringBuilder _text = new();
    string _name = "";
    bool _isCounter;

    /// <summary>Begins a counter: its samples follow.</summary>
    /// <param name="name">Without prefix and without `_total`.</param>
    /// <param name="help">What it counts.</param>
    public void Counter(string name, string help) => Begin(name, "counter", help, isCounter: true);

    /// <summary>Begins a gauge: its samples follow.</summary>
    public void Gauge(string name, string help) => Begin(name, "gauge", help, isCounter: false);

    /// <summary>A metric whose value is always 1 and whose labels say what there is to say.</summary>
    public void Info(string name, string help, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        Begin(isOpen ? name : $"{name}_info", isOpen ? "info" : "gauge", help, isCounter: false);
        Sample($"{name}_info", "1", labels);
    }

    public void Add(long value, params ReadOnlySpan<(string Name, string Value)> labels) =>
        Sample(_isCounter ? $"{_name}_total" : _name, value.ToString(CultureInfo.InvariantCulture), labels);

    public void Add(double value, params ReadOnlySpan<(string Name, string Value)> labels) => Sample(_name, value.ToString("R", CultureInfo.InvariantCulture), labels);

    /// <summary>Dollars, to the billionth.</summary>
    public void AddDollars(long billionths, params ReadOnlySpan<(string Name, string Value)> labels) =>
        Sample(_isCounter ? $"{_name}_total" : _name, (billionths / 1_000_000_000m).ToString("0.#########", CultureInfo.InvariantCulture), labels);

    /// <summary>When the counter of these labels began; OpenMetrics only.</summary>
    public void Created(long ms, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        if (isOpen)
        {
            Sample($"{_name}_created", (ms / 1000m).ToString("0.###", CultureInfo.InvariantCulture), labels);
        }
    }

    /// <summary>All of it.</summary>
    public byte[] Finish()
    {
        if (isOpen)
        {
            _text.Append("# EOF\n");
        }

        return Encoding.UTF8.GetBytes(_text.ToString());
    }

    void Begin(string name, string type, string help, bool isCounter)
    {
        (_name, _isCounter) = (name, isCounter);
        var family = isCounter && !isOpen ? $"{name}_total" : name;
        _text.Append("# HELP ").Append(Prefix).Append(family).Append(' ').Append(help).Append('\n')
            .Append("# TYPE ").Append(Prefix).Append(family).Append(' ').Append(type).Append('\n');
    }

    void Sample(string name, string value, ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(Prefix).Append(name);
        for (var i = 0; i < labels.Length; i++)
        {
            _text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"");
            AppendEscaped(labels[i].Value);
            _text.Append('"');
        }

        _text.Append(labels.Length > 0 ? "} " : " ").Append(value).Append('\n');
    }

    void AppendEscaped(string value)
    {
        if (value.AsSpan().IndexOfAny('\\', '"', '\n') < 0)
        {
            _text.Append(value);

            return;
        }

        foreach (var c in value)
        {
            _ = c switch
            {
                '\\' => _text.Append("\\\\"),
                '"' => _text.Append("\\\""),
                '\n' => _text.Append("\\n"),
                _ => _text.Append(c),
            };
        }
    }
}
