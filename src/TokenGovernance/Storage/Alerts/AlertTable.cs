using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Alerts;

/// <summary>Alerts that fired, and which messages about them are still to be delivered.</summary>
/// <remarks>
///     The row comes first, the message after it: a program that is killed between the two finds the row when it is back. Whoever
///     wants to send a message claims it before, for a while; two programs beside each other never send it both.
/// </remarks>
sealed class AlertTable(SqliteConnection connection)
{
    const string Columns =
        "id, kind, budget, instance, period_start, period_end, threshold, limit_value, value, unit, unpriced_events, fired_ts, resolved_ts, text, estimated_usd";

    /// <summary>Alerts of a budget whose period began at a moment or later, and all that are not over.</summary>
    public IReadOnlyList<Alert> Find(AlertKind kind, string budget, long sinceMs) => Read(
        $"SELECT {Columns} FROM budget_alerts WHERE kind = $p0 AND budget = $p1 AND (period_start >= $p2 OR resolved_ts IS NULL) ORDER BY id",
        TextOf(kind), budget, UtcTime.Format(sinceMs));

    /// <summary>Alerts of budgets whose period began at a moment or later, and all that are not over.</summary>
    public IReadOnlyList<Alert> FindOfBudgets(long sinceMs) => Read(
        $"SELECT {Columns} FROM budget_alerts WHERE kind IN ('budget', 'forecast') AND (period_start >= $p0 OR resolved_ts IS NULL) ORDER BY id",
        UtcTime.Format(sinceMs));

    /// <summary>All alerts that are not over.</summary>
    public IReadOnlyList<Alert> FindOpen() => Read($"SELECT {Columns} FROM budget_alerts WHERE resolved_ts IS NULL ORDER BY id");

    /// <summary>The last alerts that fired, newest first.</summary>
    public IReadOnlyList<Alert> FindLast(int most) => Read($"SELECT {Columns} FROM budget_alerts ORDER BY id DESC LIMIT $p0", most);

    /// <summary>Stores an alert and the messages about it. One that fired before is left alone.</summary>
    /// <returns>Its number; NULL if it had fired before.</returns>
    public long? Add(Alert alert, IEnumerable<string> destinations)
    {
        using var insert = connection.Prepare("""
            INSERT INTO budget_alerts
              (kind, budget, instance, period_start, period_end, threshold, limit_value, value, unit, unpriced_events, fired_ts, text, estimated_usd)
            VALUES ($p0, $p1, $p2, $p3, $p4, $p5, $p6, $p7, $p8, $p9, $p10, $p11, $p12)
            ON CONFLICT DO NOTHING RETURNING id
            """);
        if (insert.With(
                TextOf(alert.Kind), alert.Budget, alert.Instance, UtcTime.Format(alert.PeriodStartMs), Format(alert.PeriodEndMs), alert.Threshold,
                alert.Limit, alert.Value, alert.Unit, alert.UnpricedEvents, UtcTime.Format(alert.FiredMs), alert.Text, alert.EstimatedUsd)
            .ExecuteScalar() is not long id)
        {
            return null;
        }

        AddDeliveries(id, destinations, isResolution: false, alert.FiredMs);

        return id;
    }

    /// <summary>Says of an alert that it is over, and to whom that is to be told: of these, only who heard of the alert.</summary>
    public void Resolve(long id, IEnumerable<string> destinations, long nowMs)
    {
        using var update = connection.Prepare("UPDATE budget_alerts SET resolved_ts = $p0 WHERE id = $p1 AND resolved_ts IS NULL");
        if (update.With(UtcTime.Format(nowMs), id).ExecuteNonQuery() > 0)
        {
            AddDeliveries(id, destinations.Intersect(FindTold(id)), isResolution: true, nowMs);
        }
    }

    /// <summary>Messages that are due now, oldest first.</summary>
    /// <param name="nowMs">The time.</param>
    /// <param name="farMs">A time so far ahead that only a clock that was set back can have meant it: due as well.</param>
    public IReadOnlyList<DueDelivery> FindDue(long nowMs, long farMs)
    {
        using var query = connection.Prepare($"""
            SELECT {string.Join(", ", Columns.Split(", ").Select(column => $"a.{column}"))}, d.destination, d.is_resolution, d.attempts,
              d.attempts > 0 AND d.last_error IS NULL
            FROM alert_deliveries AS d JOIN budget_alerts AS a ON a.id = d.alert_id
            WHERE d.next_try_ts IS NOT NULL AND (d.next_try_ts <= $p0 OR d.next_try_ts > $p1)
            ORDER BY a.id, d.is_resolution, d.destination
            """);
        using var reader = query.With(UtcTime.Format(nowMs), UtcTime.Format(farMs)).ExecuteReader();
        var due = new List<DueDelivery>();
        while (reader.Read())
        {
            due.Add(new DueDelivery(ReadAlert(reader), reader.GetString(15), reader.GetInt64(16) != 0, (int)reader.GetInt64(17) + 1, reader.GetInt64(18) != 0));
        }

        return due;
    }

    /// <summary>Takes a message for a while: nobody else sends it until then. Until it is marked, what becomes of it is unknown.</summary>
    /// <returns>False if somebody else was faster.</returns>
    public bool Claim(DueDelivery delivery, long untilMs) =>
        Change(
            "UPDATE alert_deliveries SET attempts = attempts + 1, next_try_ts = $p3, last_error = NULL WHERE {0} AND next_try_ts IS NOT NULL AND attempts = $p4",
            delivery, UtcTime.Format(untilMs), delivery.Attempt - 1);

    /// <param name="delivery">What was delivered.</param>
    /// <param name="messageId">The message that it was delivered with.</param>
    /// <param name="nowMs">When.</param>
    public void MarkDelivered(DueDelivery delivery, string messageId, long nowMs) =>
        Change(
            "UPDATE alert_deliveries SET delivered_ts = $p3, message_id = $p4, next_try_ts = NULL, last_error = NULL WHERE {0}",
            delivery, UtcTime.Format(nowMs), messageId);

    /// <summary>A message that was not delivered.</summary>
    /// <param name="delivery">The message.</param>
    /// <param name="error">Why, in one line.</param>
    /// <param name="nextMs">When it is tried again; NULL: it is given up.</param>
    public void MarkFailed(DueDelivery delivery, string error, long? nextMs) =>
        Change("UPDATE alert_deliveries SET next_try_ts = $p3, last_error = $p4 WHERE {0}", delivery, Format(nextMs), error);

    /// <summary>Puts a message off without having tried.</summary>
    public void PutOff(DueDelivery delivery, long nextMs) =>
        Change("UPDATE alert_deliveries SET next_try_ts = $p3 WHERE {0}", delivery, UtcTime.Format(nextMs));

    /// <summary>When the last messages went to a destination since a moment; those sent as one count once.</summary>
    public IReadOnlyList<long> FindSent(string destination, long sinceMs)
    {
        using var query = connection.Prepare(
            "SELECT min(delivered_ts) FROM alert_deliveries WHERE destination = $p0 AND delivered_ts > $p1 GROUP BY message_id ORDER BY 1");
        using var reader = query.With(destination, UtcTime.Format(sinceMs)).ExecuteReader();
        var sent = new List<long>();
        while (reader.Read())
        {
            sent.Add(ParseTime(reader.GetString(0)));
        }

        return sent;
    }

    /// <summary>Keeps what weeks of spending come to for the next look.</summary>
    public void Keep(SpendingHistory history) => history.Keep(connection);

    public static string TextOf(AlertKind kind) => kind.ToString().ToLowerInvariant();

    List<string> FindTold(long id)
    {
        using var query = connection.Prepare("SELECT destination FROM alert_deliveries WHERE alert_id = $p0 AND is_resolution = 0");
        using var reader = query.With(id).ExecuteReader();
        var told = new List<string>();
        while (reader.Read())
        {
            told.Add(reader.GetString(0));
        }

        return told;
    }

    void AddDeliveries(long id, IEnumerable<string> destinations, bool isResolution, long nowMs)
    {
        using var insert = connection.Prepare(
            "INSERT OR IGNORE INTO alert_deliveries (alert_id, destination, is_resolution, next_try_ts) VALUES ($p0, $p1, $p2, $p3)");
        foreach (var destination in destinations)
        {
            insert.With(id, destination, isResolution ? 1 : 0, UtcTime.Format(nowMs)).ExecuteNonQuery();
        }
    }

    bool Change(string sql, DueDelivery delivery, params ReadOnlySpan<object?> values)
    {
        const string key = "alert_id = $p0 AND destination = $p1 AND is_resolution = $p2";
        using var update = connection.Prepare(sql.Replace("{0}", key, StringComparison.Ordinal));

        return update.With([delivery.Alert.Id, delivery.Destination, delivery.IsResolution ? 1 : 0, .. values]).ExecuteNonQuery() > 0;
    }

    List<Alert> Read(string sql, params ReadOnlySpan<object?> values)
    {
        using var query = connection.Prepare(sql);
        using var reader = query.With(values).ExecuteReader();
        var alerts = new List<Alert>();
        while (reader.Read())
        {
            alerts.Add(ReadAlert(reader));
        }

        return alerts;
    }

    static Alert ReadAlert(SqliteDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Kind = Enum.Parse<AlertKind>(row.GetString(1), ignoreCase: true),
        Budget = row.GetString(2),
        Instance = row.GetString(3),
        PeriodStartMs = ParseTime(row.GetString(4)),
        PeriodEndMs = row.GetText(5) is { } end ? ParseTime(end) : null,
        Threshold = (int)row.GetInt64(6),
        Limit = row.GetDouble(7),
        Value = row.GetDouble(8),
        Unit = row.GetString(9),
        UnpricedEvents = row.GetInt64(10),
        FiredMs = ParseTime(row.GetString(11)),
        ResolvedMs = row.GetText(12) is { } resolved ? ParseTime(resolved) : null,
        Text = row.GetString(13),
        EstimatedUsd = row.IsDBNull(14) ? null : row.GetDouble(14),
    };

    static long ParseTime(string text) => UtcTime.TryParse(text, out var ms) ? ms : 0;

    static string? Format(long? ms) => ms is { } known ? UtcTime.Format(known) : null;
}
