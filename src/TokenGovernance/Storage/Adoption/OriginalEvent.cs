using Microsoft.Data.Sqlite;
using TokenGovernance.Model;

namespace TokenGovernance.Storage.Adoption;

/// <summary>What decides about a row of the original's `usage_events`.</summary>
sealed record OriginalEvent(long Id, long? EventMs, SessionIdentity Session, OriginalPath Path, AdoptedUsage Usage)
{
    /// <summary>The columns of <see cref="CleanView" /> that <see cref="Read" /> reads.</summary>
    public const string Columns = $"id, instant_ms, agent_id, session_id, source_file, session_key, channel, api, {AdoptedUsage.Columns}";

    public string? SessionKey { get; private init; }

    public string? Channel { get; private init; }

    public string? Api { get; private init; }

    public string? SourceFile { get; private init; }

    public long? SourceLineNo => Usage.LineNo;

    /// <summary>OpenClaw wrote it itself: no model was asked.</summary>
    public bool IsSynthetic => Usage.Provider is "openclaw" || Api is "openclaw-transcript";

    public static OriginalEvent Read(SqliteDataReader reader)
    {
        var file = reader.GetText(4);
        var path = OriginalPath.Parse(file);

        return new OriginalEvent(
            reader.GetInt64(0),
            reader.IsDBNull(1) ? null : reader.GetInt64(1),
            OriginalSession.IdentityOf(path, reader.GetText(2), reader.GetText(3)),
            path,
            AdoptedUsage.Read(reader, 8))
        {
            SourceFile = file,
            SessionKey = reader.GetText(5),
            Channel = reader.GetText(6),
            Api = reader.GetText(7),
        };
    }
}
