using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.LegacyImport;

/// <summary>What decides about a row of the original's `usage_events`.</summary>
sealed record LegacyEvent(long Id, long? EventMs, SessionIdentity Session, LegacyPath Path, ImportedUsage Usage)
{
    /// <summary>The columns of <see cref="CleanView" /> that <see cref="Read" /> reads.</summary>
    public const string Columns = $"id, instant_ms, agent_id, session_id, source_file, session_key, channel, api, {ImportedUsage.Columns}, cost_input, cost_output, cost_cache_read, cost_cache_write, cost_total";

    const int FirstCost = 16;

    public string? SessionKey { get; private init; }

    public string? Channel { get; private init; }

    public string? Api { get; private init; }

    public string? SourceFile { get; private init; }

    public Cost Cost { get; private init; }

    public long? SourceLineNo => Usage.LineNo;

    /// <summary>OpenClaw wrote it itself: no model was asked.</summary>
    public bool IsSynthetic => Usage.Provider is "openclaw" || Api is "openclaw-transcript";

    public static LegacyEvent Read(SqliteDataReader reader)
    {
        var file = reader.GetText(4);
        var path = LegacyPath.Parse(file);
        var usage = ImportedUsage.Read(reader, 8);
        double? Dollars(int column) => reader.IsDBNull(FirstCost + column) ? null : reader.GetDouble(FirstCost + column);

        return new LegacyEvent(
            reader.GetInt64(0),
            reader.IsDBNull(1) ? null : reader.GetInt64(1),
            LegacySession.IdentityOf(path, reader.GetText(2), reader.GetText(3)),
            path,
            usage)
        {
            SourceFile = file,
            SessionKey = reader.GetText(5),
            Channel = reader.GetText(6),
            Api = reader.GetText(7),
            Cost = Cost.Of(Dollars(0), Dollars(1), Dollars(2), Dollars(3), Dollars(4), isBilled: false, usage.Tokens),
        };
    }
}
