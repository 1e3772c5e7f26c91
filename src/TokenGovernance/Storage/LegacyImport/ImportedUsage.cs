using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.LegacyImport;

/// <summary>What a row of the original says of a response, besides its instant, that lets it be recognised.</summary>
readonly record struct ImportedUsage(
    string? Provider, string? Model, long? Input, long? Output, long? CacheRead, long? CacheWrite, long? Total, long? LineNo)
{
    /// <summary>The columns that <see cref="Read" /> reads.</summary>
    public const string Columns = """
        model_provider, model, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, total_tokens, source_line_no
        """;

    /// <summary>The same columns of `usage_events AS e`.</summary>
    public const string EventColumns = """
        e.model_provider, e.model, e.input_tokens, e.output_tokens, e.cache_read_tokens, e.cache_write_tokens, e.total_tokens,
        e.source_line_no
        """;

    /// <summary>Tokens were used: then no second response has the same instant and the same counts.</summary>
    public bool AnyUsed => Tokens.AnyUsed;

    public TokenCounts Tokens => new(Input, Output, CacheRead, CacheWrite, Total, Reasoning: null);

    public static ImportedUsage Read(SqliteDataReader reader, int first)
    {
        long? Number(int column) => reader.IsDBNull(first + column) ? null : reader.GetInt64(first + column);

        return new ImportedUsage(
            reader.GetText(first), reader.GetText(first + 1), Number(2), Number(3), Number(4), Number(5), Number(6), Number(7));
    }

    /// <summary>True if nothing speaks against these being the same response. What the original did not know speaks for nothing.</summary>
    public bool Agrees(UsageEvent usage) =>
        (Provider is null || Provider == usage.ModelProvider)
        && (Model is null || Model == usage.Model)
        && Agrees(Input, usage.Tokens.Input)
        && Agrees(Output, usage.Tokens.Output)
        && Agrees(CacheRead, usage.Tokens.CacheRead)
        && Agrees(CacheWrite, usage.Tokens.CacheWrite)
        && Agrees(Total, usage.Tokens.Total);

    /// <summary>The same response as another row says it.</summary>
    public bool IsCopyOf(ImportedUsage other) => (this with { LineNo = null }) == (other with { LineNo = null });

    // The original may have written 0 for what was not said.
    static bool Agrees(long? adopted, long? read) => adopted is null || adopted == (read ?? 0);
}
