using System.Buffers;
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

    readonly ArrayBufferWriter<byte> _text = new(1 << 16);
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

    public void Add(long value, params ReadOnlySpan<(string Name, string Value)> labels) => Add(value, LabelText.Of(labels));

    public void Add(double value, params ReadOnlySpan<(string Name, string Value)> labels) => Sample(_name, LabelText.Of(labels), value, "R");

    /// <summary>Dollars, to the billionth.</summary>
    public void AddDollars(long billionths, params ReadOnlySpan<(string Name, string Value)> labels) => AddDollars(billionths, LabelText.Of(labels));

    /// <summary>When the counter of these labels began; OpenMetrics only.</summary>
    public void Created(long ms, params ReadOnlySpan<(string Name, string Value)> labels) => Created(ms, LabelText.Of(labels));

    public void Add(long value, LabelText labels) => Sample(_isCounter ? $"{_name}_total" : _name, labels, value, "");

    public void AddDollars(long billionths, LabelText labels) =>
        Sample(_isCounter ? $"{_name}_total" : _name, labels, billionths / 1_000_000_000m, "0.#########");

    public void Created(long ms, LabelText labels)
    {
        if (isOpen)
        {
            Sample($"{_name}_created", labels, ms / 1000m, "0.###");
        }
    }

    /// <summary>All of it.</summary>
    public byte[] Finish()
    {
        if (isOpen)
        {
            Write("# EOF\n");
        }

        return _text.WrittenSpan.ToArray();
    }

    void Begin(string name, string type, string help, bool isCounter)
    {
        (_name, _isCounter) = (name, isCounter);
        var family = isCounter && !isOpen ? $"{name}_total" : name;
        Write($"# HELP {Prefix}{family} {help}\n# TYPE {Prefix}{family} {type}\n");
    }

    void Sample<T>(string name, LabelText labels, T value, string format)
        where T : IFormattable =>
        Sample(name, labels, value.ToString(format, CultureInfo.InvariantCulture));

    void Sample(string name, string value, ReadOnlySpan<(string Name, string Value)> labels) => Sample(name, LabelText.Of(labels), value);

    void Sample(string name, LabelText labels, string value)
    {
        Write(Prefix);
        Write(name);
        if (!labels.IsEmpty)
        {
            Write("{");
            _text.Write(labels.Bytes);
            Write("}");
        }

        Write(" ");
        Write(value);
        Write("\n");
    }

    void Write(string text) => Encoding.UTF8.GetBytes(text, _text);
}
