using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.OpenClaw.Entries;

/// <summary>Reads a `usage` object the way OpenClaw normalises it: many providers' names, one meaning.</summary>
/// <remarks>
///     Of the names of one count the first in the list that is present wins. A count is a finite JSON number, truncated; below
///     zero it is zero. Providers that put cached tokens inside the input have them taken off it again.
/// </remarks>
static class UsageReader
{
    // The order is the precedence. A dot is a step into a nested object.
    static readonly string[] InputNames =
        ["input", "inputTokens", "input_tokens", "promptTokens", "prompt_tokens", "prompt_n", "timings.prompt_n"];

    static readonly string[] OutputNames =
    [
        "output", "outputTokens", "output_tokens", "completionTokens", "completion_tokens", "predicted_n", "timings.predicted_n",
    ];

    static readonly string[] CacheReadNames =
    [
        "cacheRead", "cache_read", "cache_read_input_tokens", "cached_input_tokens", "cached", "cached_tokens",
        "input_tokens_details.cached_tokens", "prompt_tokens_details.cached_tokens",
    ];

    static readonly string[] CacheWriteNames =
    [
        "cacheWrite", "cache_write", "cache_creation_input_tokens", "cache_write_input_tokens",
        "input_tokens_details.cache_write_tokens", "prompt_tokens_details.cache_write_tokens",
        "prompt_tokens_details.cache_creation_input_tokens",
    ];

    static readonly string[] ReasoningNames =
    [
        "reasoningTokens", "reasoning_tokens", "completion_tokens_details.reasoning_tokens", "output_tokens_details.reasoning_tokens",
        "output_tokens_details.thinking_tokens",
    ];

    static readonly string[] CacheWrite1hNames = ["cacheWrite1h"];

    static readonly string[] TotalNames = ["total", "totalTokens", "total_tokens"];

    // From these ranks on a name says that the count is inside the input: always, or where no plain `input` is given.
    static readonly int FirstMaybeInsideRead = Array.IndexOf(CacheReadNames, "cached_input_tokens");
    static readonly int FirstInsideRead = Array.IndexOf(CacheReadNames, "cached_tokens");
    static readonly int FirstMaybeInsideWrite = Array.IndexOf(CacheWriteNames, "cache_write_input_tokens");

    static readonly Dictionary<string, (Kind Kind, int Rank)> Names = BuildNames();

    static readonly Dictionary<string, (Kind Kind, int Rank)>.AlternateLookup<ReadOnlySpan<char>> NamesByText =
        Names.GetAlternateLookup<ReadOnlySpan<char>>();

    enum Kind
    {
        Input,
        Output,
        CacheRead,
        CacheWrite,
        Reasoning,
        Total,
        CacheWrite1h,
        Count,
    }

    /// <summary>Reads the object under the reader and leaves the reader at its end.</summary>
    public static (TokenCounts Tokens, Cost Cost) Read(ref Utf8JsonReader reader)
    {
        Span<Found> found = stackalloc Found[(int)Kind.Count];
        found.Fill(new Found(int.MaxValue, null, -1));
        var cost = new CostFields();

        ReadObject(ref reader, prefix: "", found, ref cost);

        var tokens = Normalise(found);

        return (tokens, cost.ToCost(tokens));
    }

    static void ReadObject(
        ref Utf8JsonReader reader, scoped ReadOnlySpan<char> prefix, scoped Span<Found> found, ref CostFields cost)
    {
        Span<char> name = stackalloc char[64];

        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var length = CopyName(ref reader, prefix, name);
            reader.Read();

            if (length < 0)
            {
                reader.Skip();
            }
            else if (reader.TokenType is JsonTokenType.StartObject && prefix.IsEmpty)
            {
                ReadNested(ref reader, name, length, found, ref cost);
            }
            else if (reader.TokenType is not JsonTokenType.Null && NamesByText.TryGetValue(name[..length], out var place))
            {
                // The last of two equal names wins, as in JavaScript; of different names the one of lower rank.
                ref var best = ref found[(int)place.Kind];
                var number = JsonText.ReadNumber(ref reader);
                best = (place.Rank <= best.Rank ? best with { Rank = place.Rank, Number = number } : best) with
                {
                    LastRank = number is null ? best.LastRank : Math.Max(best.LastRank, place.Rank),
                };
            }
            else
            {
                reader.Skip();
            }
        }
    }

    static void ReadNested(
        ref Utf8JsonReader reader, scoped Span<char> name, int length, scoped Span<Found> found, ref CostFields cost)
    {
        if (name[..length] is "cost")
        {
            cost.Read(ref reader);
        }
        else if (name[..length] is "timings" || name[..length].EndsWith("_details"))
        {
            name[length] = '.';
            ReadObject(ref reader, name[..(length + 1)], found, ref cost);
        }
        else
        {
            reader.Skip();
        }
    }

    static TokenCounts Normalise(ReadOnlySpan<Found> found)
    {
        var input = Count(found[(int)Kind.Input]);
        var cacheRead = Count(found[(int)Kind.CacheRead]);
        var cacheWrite = Count(found[(int)Kind.CacheWrite]);
        var plainInput = found[(int)Kind.Input].Rank == 0;

        if (input is { } all)
        {
            // Proxies write a count under several names. The first is taken; whether it is inside the input, any of them tells.
            var inside = 0L;
            if (found[(int)Kind.CacheRead].LastRank is var readRank && (readRank >= FirstInsideRead || (!plainInput && readRank >= FirstMaybeInsideRead)))
            {
                inside += cacheRead ?? 0;
            }

            if (!plainInput && found[(int)Kind.CacheWrite].LastRank >= FirstMaybeInsideWrite)
            {
                inside += cacheWrite ?? 0;
            }

            input = Math.Max(0, all - inside);
        }

        var output = Count(found[(int)Kind.Output]);
        var total = Count(found[(int)Kind.Total]);
        if (total is null && (input ?? output ?? cacheRead ?? cacheWrite) is not null)
        {
            total = Math.Min(TokenCounts.Max, (input ?? 0) + (output ?? 0) + (cacheRead ?? 0) + (cacheWrite ?? 0));
        }

        return new TokenCounts(input, output, cacheRead, cacheWrite, total, Count(found[(int)Kind.Reasoning]))
        {
            CacheWrite1h = Count(found[(int)Kind.CacheWrite1h]),
        };
    }

    static long? Count(Found found) => found.Number switch
    {
        null => null,
        <= 0 => 0,
        >= TokenCounts.Max => TokenCounts.Max,
        var number => (long)number,
    };

    static int CopyName(ref Utf8JsonReader reader, scoped ReadOnlySpan<char> prefix, scoped Span<char> target)
    {
        // One place is kept free for the dot of a nested name.
        if (reader.ValueIsEscaped || prefix.Length + reader.ValueSpan.Length >= target.Length)
        {
            return -1;
        }

        prefix.CopyTo(target);

        return prefix.Length + System.Text.Encoding.UTF8.GetChars(reader.ValueSpan, target[prefix.Length..]);
    }

    static Dictionary<string, (Kind Kind, int Rank)> BuildNames()
    {
        var names = new Dictionary<string, (Kind Kind, int Rank)>(StringComparer.Ordinal);
        (Kind Kind, string[] Names)[] all =
        [
            (Kind.Input, InputNames), (Kind.Output, OutputNames), (Kind.CacheRead, CacheReadNames),
            (Kind.CacheWrite, CacheWriteNames), (Kind.Reasoning, ReasoningNames), (Kind.Total, TotalNames),
            (Kind.CacheWrite1h, CacheWrite1hNames),
        ];
        foreach (var (kind, list) in all)
        {
            for (var rank = 0; rank < list.Length; rank++)
            {
                names.Add(list[rank], (kind, rank));
            }
        }

        return names;
    }

    /// <param name="Rank">Rank of the name that counts.</param>
    /// <param name="Number">What it says.</param>
    /// <param name="LastRank">Rank of the last of all names with a number; -1 if there is none.</param>
    readonly record struct Found(int Rank, double? Number, int LastRank);

    struct CostFields
    {
        double? _input, _output, _cacheRead, _cacheWrite, _total;
        bool _providerBilled;

        public void Read(ref Utf8JsonReader reader)
        {
            this = default;
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                if (JsonText.Is(ref reader, "totalOrigin"u8))
                {
                    reader.Read();
                    _providerBilled = reader.TokenType is JsonTokenType.String && JsonText.Is(ref reader, "provider-billed"u8);
                    reader.Skip();

                    continue;
                }

                var part = JsonText.Is(ref reader, "input"u8) ? 0
                    : JsonText.Is(ref reader, "output"u8) ? 1
                    : JsonText.Is(ref reader, "cacheRead"u8) ? 2
                    : JsonText.Is(ref reader, "cacheWrite"u8) ? 3
                    : JsonText.Is(ref reader, "total"u8) ? 4 : 5;
                reader.Read();
                var number = JsonText.ReadNumber(ref reader);
                switch (part)
                {
                    case 0: _input = number; break;
                    case 1: _output = number; break;
                    case 2: _cacheRead = number; break;
                    case 3: _cacheWrite = number; break;
                    case 4: _total = number; break;
                    default: break;
                }
            }
        }

        public readonly Cost ToCost(TokenCounts tokens) =>
            Cost.Of(_input, _output, _cacheRead, _cacheWrite, _total, _providerBilled, tokens);
    }
}
