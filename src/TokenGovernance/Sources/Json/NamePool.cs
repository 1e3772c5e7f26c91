using System.Text;
using System.Text.Json;

namespace TokenGovernance.Sources.Json;

/// <summary>Hands out one string for names that repeat on every line, such as models and providers.</summary>
sealed class NamePool
{
    const int Slots = 64;

    readonly string?[] _names = new string?[Slots];

    /// <summary>As <see cref="JsonText.ReadString" />, without a new string for a name seen before.</summary>
    public string? ReadString(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not JsonTokenType.String || reader.ValueIsEscaped || reader.ValueSpan.Length is 0 or > 64)
        {
            return JsonText.ReadString(ref reader);
        }

        var bytes = reader.ValueSpan;
        ref var slot = ref _names[(bytes.Length * 7 + bytes[0] + bytes[^1] * 31 + bytes[bytes.Length / 2] * 17) % Slots];
        if (slot is null || !Ascii.Equals(bytes, slot))
        {
            slot = JsonText.ReadString(ref reader);
        }

        return slot;
    }
}
