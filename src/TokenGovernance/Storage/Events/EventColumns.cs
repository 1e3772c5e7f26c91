using TokenGovernance.Domain;
using static TokenGovernance.Storage.Events.EventColumn;

namespace TokenGovernance.Storage.Events;

/// <summary>The columns of `usage_events`, in the order of the table. What reads or writes whole events is made from this list.</summary>
/// <remarks>
///     A new column of attribution is one line here, at the end; a field of the records and the parser that fill it; and a migration.
/// </remarks>
static class EventColumns
{
    /// <summary>The columns of the Python original's table.</summary>
    public static IReadOnlyList<EventColumn> Legacy { get; } =
    [
        StoreColumn("id", EventColumnType.Id),
        TimeColumn("event_ts", usage => usage.EventMs),
        StoreColumn("ingest_ts", EventColumnType.Time),
        SessionColumn("agent_id", row => row.Session.AgentId),
        SessionColumn("session_id", row => row.Session.SessionId),
        AttributionColumn("session_key", row => row.SessionKey, isReplaceable: true),
        AttributionColumn("channel", row => row.EventChannel, metadata: row => row.Channel),
        AttributionColumn("chat_type", row => row.EventChatType, metadata: row => row.ChatType),
        AttributionColumn("origin_provider", row => row.OriginProvider),
        TextColumn("model_provider", usage => usage.ModelProvider),
        TextColumn("model", usage => usage.Model),
        TextColumn("api", usage => usage.Api),
        TextColumn("stop_reason", usage => usage.StopReason),
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
        TextColumn("source_file", usage => usage.SourceFile, EventColumnOrigin.Place),
        CountColumn("source_line_no", usage => usage.SourceLineNo, EventColumnOrigin.Place),
    ];

    /// <summary>All columns.</summary>
    public static IReadOnlyList<EventColumn> All { get; } =
    [
        .. Legacy,
        KeyColumn("event_key", usage => usage.Key),
        TextColumn("entry_id", usage => usage.EntryId),
        TimeColumn("started_ts", usage => usage.StartedMs),
        TextColumn("response_id", usage => usage.ResponseId),
        TextColumn("response_model", usage => usage.ResponseModel),
        TextColumn("run_id", usage => usage.RunId),
        TriggerColumn("trigger"),
        AttributionColumn("job_id", row => row.JobId),
        AttributionColumn("job_name", row => row.JobName),
        AttributionColumn("spawned_by", row => row.SpawnedBy),
        AttributionColumn("parent_session_key", row => row.ParentSessionKey),
        CountColumn("reasoning_tokens", usage => usage.Tokens.Reasoning),
        TextColumn("cost_source", usage => CostRule.TextOf(usage.Cost.Class)),
        SessionColumn("home", row => row.Session.Home),
        SessionColumn("session_ref", row => row.Id, EventColumnType.Id),
    ];

    /// <summary>Names as a list for SQL.</summary>
    public static string Names(IEnumerable<EventColumn> columns) => string.Join(", ", columns);
}
