using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Sessions;

namespace TokenGovernance.Storage.Events;

/// <summary>The bulk insert of events: one prepared statement, bound again only where a value changes from row to row.</summary>
sealed class EventInsert : IDisposable
{
    // The order of this list is the order of the parameters.
    const string Sql = """
        INSERT INTO usage_events (
          ingest_ts, agent_id, session_id, home, session_ref, session_key, channel, chat_type, origin_provider, job_id, job_name,
          spawned_by, parent_session_key, source_file, event_ts, model_provider, model, api, stop_reason, input_tokens, output_tokens,
          cache_read_tokens, cache_write_tokens, total_tokens, cost_input, cost_output, cost_cache_read, cost_cache_write, cost_total,
          source_line_no, event_key, entry_id, started_ts, response_id, response_model, run_id, trigger, reasoning_tokens, cost_source)
        VALUES (
          ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27,
          ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39)
        ON CONFLICT (event_key) DO NOTHING
        """;

    readonly RawStatement _insert;
    SessionRow? _boundRow;
    string? _boundFile;

    public EventInsert(SqliteConnection connection) => _insert = new RawStatement(connection, Sql);

    /// <summary>Begins a run of inserts: facts of sessions may have changed since the last.</summary>
    public void Begin(string now)
    {
        _boundRow = null;
        _boundFile = null;
        _insert.Bind(1, now);
    }

    /// <summary>Inserts an event as one of a session; false if its key is known.</summary>
    public bool TryInsert(UsageEvent usage, SessionRow row)
    {
        BindSession(row);
        BindFile(usage.SourceFile);
        BindEvent(usage);
        _insert.Bind(37, row.ResolveTrigger(row.EventChannel, usage.RunId, usage.StartedMs ?? usage.EventMs));

        return _insert.Execute();
    }

    public void Dispose() => _insert.Dispose();

    /// <summary>The text of a cost source in the store; NULL where there is no cost.</summary>
    static string? NameOf(CostSource source) => source switch
    {
        CostSource.Recorded => "recorded",
        CostSource.ProviderBilled => "provider-billed",
        CostSource.NoneRecorded => "none-recorded",
        _ => null,
    };

    void BindSession(SessionRow row)
    {
        if (ReferenceEquals(row, _boundRow))
        {
            return;
        }

        _boundRow = row;
        _insert.Bind(2, row.Session.AgentId);
        _insert.Bind(3, row.Session.SessionId);
        _insert.Bind(4, row.Session.Home);
        _insert.Bind(5, row.Id);
        _insert.Bind(6, row.SessionKey);
        _insert.Bind(7, row.EventChannel);
        _insert.Bind(8, row.EventChatType);
        _insert.Bind(9, row.OriginProvider);
        _insert.Bind(10, row.JobId);
        _insert.Bind(11, row.JobName);
        _insert.Bind(12, row.SpawnedBy);
        _insert.Bind(13, row.ParentSessionKey);
    }

    void BindFile(string file)
    {
        if (!ReferenceEquals(file, _boundFile))
        {
            _boundFile = file;
            _insert.Bind(14, file);
        }
    }

    void BindEvent(UsageEvent usage)
    {
        var (tokens, cost) = (usage.Tokens, usage.Cost);
        _insert.BindTime(15, usage.EventMs);
        _insert.Bind(16, usage.ModelProvider);
        _insert.Bind(17, usage.Model);
        _insert.Bind(18, usage.Api);
        _insert.Bind(19, usage.StopReason);
        _insert.Bind(20, tokens.Input);
        _insert.Bind(21, tokens.Output);
        _insert.Bind(22, tokens.CacheRead);
        _insert.Bind(23, tokens.CacheWrite);
        _insert.Bind(24, tokens.Total);
        _insert.Bind(25, cost.Input);
        _insert.Bind(26, cost.Output);
        _insert.Bind(27, cost.CacheRead);
        _insert.Bind(28, cost.CacheWrite);
        _insert.Bind(29, cost.Total);
        _insert.Bind(30, usage.SourceLineNo);
        _insert.Bind(31, usage.Key);
        _insert.Bind(32, usage.EntryId);
        _insert.BindTime(33, usage.StartedMs);
        _insert.Bind(34, usage.ResponseId);
        _insert.Bind(35, usage.ResponseModel);
        _insert.Bind(36, usage.RunId);
        _insert.Bind(38, tokens.Reasoning);
        _insert.Bind(39, NameOf(cost.Source));
    }
}
