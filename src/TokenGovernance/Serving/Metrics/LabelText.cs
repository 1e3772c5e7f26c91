using System.Text;

namespace TokenGovernance.Serving.Metrics;

/// <summary>Labels of a sample as they are written, in UTF-8: those of a series are made once and used for each of its samples.</summary>
readonly struct LabelText
{
    readonly byte[]? _bytes;

    LabelText(byte[] bytes) => _bytes = bytes;

    public ReadOnlySpan<byte> Bytes => _bytes;

    public bool IsEmpty => Bytes.IsEmpty;

    public static LabelText Of(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        if (labels.IsEmpty)
        {
            return default;
        }

        var text = new StringBuilder();
        foreach (var (name, value) in labels)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(name).Append("=\"");
            AppendEscaped(text, value);
            text.Append('"');
        }

        return new LabelText(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>With one more label, whose value needs no escaping.</summary>
    public LabelText With(string name, string value) => new([.. Bytes, .. Encoding.UTF8.GetBytes($"{(IsEmpty ? "" : ",")}{name}=\"{value}\"")]);

    static void AppendEscaped(StringBuilder text, string value)
    {
        if (value.AsSpan().IndexOfAny('\\', '"', '\n') < 0)
        {
            text.Append(value);

            return;
        }

        foreach (var c in value)
        {
            _ = c switch
            {
                '\\' => text.Append("\\\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append("\\n"),
                _ => text.Append(c),
            };
        }
    }
}
