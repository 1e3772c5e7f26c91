using TokenGovernance.Domain;
using static TokenGovernance.Storage.Events.EventColumn;

namespace TokenGovernance.Storage.Events;

/// <summary>The columns of `usage_events`, in the order of the view. What reads or writes whole events is made from this list.</summary>
/// <remarks>
///     A new column of attribution is one line here, at the end; a field of the records and the parser that fill it; and a migration.
/// </remarks>
static class EventColumns
{
    /// <summary>True for columns with keys of sessions: they can hold phone numbers and the like.</summary>
    public static bool NamesPeers(string column) => column is "session_key" or "spawned_by" or "parent_session_key";

    /// <summary>True for columns with paths of files: they name users and topics.</summary>
    public static bool NamesPaths(string column) => column is "source_file";

    /// <summary>The columns of the Python original's table.</summary>
    public static IReadOnlyList<EventColumn> Legacy { get; } =
    [
        StoreColumn("id", EventColumnType.Id),
        TimeColumn("event_ts", "event_ms", usage => usage.EventMs),
        StoreColumn("ingest_ts", EventColumnType.Time, "ingest_ms"),
        SessionColumn("agent_id", row => row.Session.AgentId),
        SessionColumn("session_id", row => row.Session.IsUnknown ? null : row.Session.SessionId),
        AttributionColumn("session_key", row => row.SessionKey, isReplaceable: true),
        AttributionColumn("channel", row => row.EventChannel, metadata: row => row.Channel),
        AttributionColumn("chat_type", row => row.EventChatType, metadata: row => row.ChatType),
        AttributionColumn("origin_provider", row => row.OriginProvider),
        SharedColumn("model_provider", EventTable.Models, usage => usage.ModelProvider),
        SharedColumn("model", EventTable.Models, usage => usage.Model),
        SharedColumn("api", EventTable.Models, usage => usage.Api),
        SharedColumn("stop_reason", EventTable.Outcomes, usage => usage.StopReason),
        CountColumn("input_tokens", usage => usage.Tokens.Input),
        CountColumn("output_tokens", usage => usage.Tokens.Output),
        CountColumn("cache_read_tokens", usage => usage.Tokens.CacheRead),
        CountColumn("cache_write_tokens", usage => usage.Tokens.CacheWrite),
        CountColumn("total_tokens", usage => usage.Tokens.Total),
        DollarsColumn("cost_input", usage => usage.Cost.Input),
        DollarsColumn("cost_output", usage => usage.Cost.Output),
        DollarsColumn("cost_cache_read", usage => usage.Cost.CacheRead),
        DollarsColumn("cost_cache_write", usage => usage.Cost.CacheWrite),
        DollarsColumn("cost_total", usage => usage.Cost.Total),
        FileColumn("source_file", usage => usage.SourceFile),
        CountColumn("source_line_no", usage => usage.SourceLineNo, EventColumnOrigin.Place),
    ];

    /// <summary>All columns.</summary>
    public static IReadOnlyList<EventColumn> All { get; } =
    [
        .. Legacy,
        KeyColumn("event_key", usage => usage.Key),
        IdentifierColumn("entry_id", usage => usage.EntryId),
        TimeColumn("started_ts", "call_ms", usage => (usage.EventMs ?? 0) - usage.StartedMs),
        IdentifierColumn("response_id", usage => usage.ResponseId),
        SharedColumn("response_model", EventTable.Models, usage => usage.ResponseModel),
        IdentifierColumn("run_id", usage => usage.RunId),
        TriggerColumn("trigger"),
        AttributionColumn("job_id", row => row.JobId),
        AttributionColumn("job_name", row => row.JobName),
        AttributionColumn("spawned_by", row => row.SpawnedBy),
        AttributionColumn("parent_session_key", row => row.ParentSessionKey),
        CountColumn("reasoning_tokens", usage => usage.Tokens.Reasoning),
        SharedColumn("cost_source", EventTable.Outcomes, usage => CostRule.TextOf(usage.Cost.Class)),
        SessionColumn("home", row => row.Session.Home),
        SessionColumn("session_ref", row => row.Id, EventColumnType.Id),
        SharedColumn("runtime", EventTable.Models, usage => usage.Runtime),
        SharedColumn("scope", EventTable.Models, usage => EventScopeText.Of(usage.Scope)),
        SharedColumn("thread_id", EventTable.Turns, usage => usage.Turn?.ThreadId),
        SharedColumn("turn_id", EventTable.Turns, usage => usage.Turn?.TurnId),
        CountColumn("cache_write_1h_tokens", usage => usage.Tokens.CacheWrite1h),
    ];

    /// <summary>The columns that a table holds, in order.</summary>
    public static IReadOnlyList<EventColumn> Of(EventTable table) => [.. All.Where(column => column.Table == table)];

    /// <summary>Names as a list for SQL.</summary>
    public static string Names(IEnumerable<EventColumn> columns) => string.Join(", ", columns);
}
