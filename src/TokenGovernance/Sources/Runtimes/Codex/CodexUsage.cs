using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.Runtimes.Codex;

/// <summary>Tokens as Codex writes them: input includes what was read from and written to the cache, output includes reasoning.</summary>
readonly record struct CodexUsage(long Input, long Cached, long CacheWrite, long Output, long Reasoning, long Total)
{
    /// <summary>False for the estimate that follows a compaction: a total without input and output is no call.</summary>
    public bool IsMeasured => Input > 0 || Output > 0;

    /// <summary>Goes from a name to its value and reads that object; NULL if it is none.</summary>
    public static CodexUsage? Read(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            reader.Skip();

            return null;
        }

        long? input = 0, cached = 0, cacheWrite = 0, output = 0, reasoning = 0, total = null;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (JsonText.Is(ref reader, "input_tokens"u8))
            {
                input = JsonFields.ReadCount(ref reader);
            }
            else if (JsonText.Is(ref reader, "cached_input_tokens"u8))
            {
                cached = JsonFields.ReadCount(ref reader);
            }
            else if (JsonText.Is(ref reader, "cache_write_input_tokens"u8))
            {
                cacheWrite = JsonFields.ReadCount(ref reader);
            }
            else if (JsonText.Is(ref reader, "output_tokens"u8))
            {
                output = JsonFields.ReadCount(ref reader);
            }
            else if (JsonText.Is(ref reader, "reasoning_output_tokens"u8))
            {
                reasoning = JsonFields.ReadCount(ref reader);
            }
            else if (JsonText.Is(ref reader, "total_tokens"u8))
            {
                total = JsonFields.ReadCount(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return new CodexUsage(input ?? 0, cached ?? 0, cacheWrite ?? 0, output ?? 0, reasoning ?? 0, total ?? (input ?? 0) + (output ?? 0));
    }

    /// <summary>What was used since an earlier total; NULL if this total is not a later one of the same row.</summary>
    public CodexUsage? Since(CodexUsage earlier) =>
        Input < earlier.Input || Output < earlier.Output || Total < earlier.Total
            ? null
            : new CodexUsage(
                Input - earlier.Input,
                Math.Max(0, Cached - earlier.Cached),
                Math.Max(0, CacheWrite - earlier.CacheWrite),
                Output - earlier.Output,
                Math.Max(0, Reasoning - earlier.Reasoning),
                Total - earlier.Total);

    /// <summary>The same in the store's terms.</summary>
    public TokenCounts ToTokens()
    {
        var cacheRead = Math.Min(Cached, Input);
        var cacheWrite = Math.Min(CacheWrite, Input - cacheRead);

        return new TokenCounts(Input - cacheRead - cacheWrite, Output, cacheRead, cacheWrite, Total, Reasoning);
    }
}
