using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Serving.Http;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Metrics;

namespace TokenGovernance.Serving.Metrics;

/// <summary>`/metrics`: all there is to measure, read from the store each time.</summary>
/// <param name="storePath">The store.</param>
/// <param name="version">The program's version.</param>
/// <param name="budgets">How budgets stand.</param>
/// <param name="time">The clock.</param>
sealed class MetricsPage(string storePath, string version, Func<IReadOnlyList<BudgetGauge>> budgets, TimeProvider time)
{
    public const string Path = "/metrics";

    readonly Lock _lock = new();
    (long Last, long Day, Quotas Quotas)? _quotas;

    public HttpAnswer Answer(HttpRequest request)
    {
        var isOpen = request.Header("accept")?.Contains("application/openmetrics-text", StringComparison.Ordinal) is true;

        return new HttpAnswer(200, isOpen ? ExpositionWriter.OpenType : ExpositionWriter.TextType, Write(isOpen));
    }

    /// <summary>Writes all metrics.</summary>
    /// <param name="isOpen">As OpenMetrics; else as Prometheus' text.</param>
    public byte[] Write(bool isOpen)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var (reading, lastPass, quotas) = StoreReader.Read(storePath, store =>
        {
            var reading = store.ReadMetrics();

            return (reading, store.ReadLastPass(), ReadQuotas(store, reading.LastSnapshot, nowMs));
        });
        var to = new ExpositionWriter(isOpen);
        UsageMetrics.Write(to, reading);
        QuotaMetrics.Write(to, quotas, nowMs);
        BudgetGauge.Write(to, budgets());
        WriteCollector(to, reading, UtcTime.TryParse(lastPass ?? "", out var passMs) ? passMs : null);

        return to.Finish();
    }

    void WriteCollector(ExpositionWriter to, MetricReading reading, long? passMs)
    {
        WriteTime(to, "last_pass_timestamp_seconds", "When the collector's last pass ended, to the minute.", passMs);
        WriteTime(to, "last_event_timestamp_seconds", "When the response that was stored last was written.", reading.NewestEventMs);
        WriteTime(to, "created_timestamp_seconds", "When the counters began. They count what the store held then, too.", reading.CreatedMs);
        to.Gauge("sources", "Transcripts, databases and the like that are followed.");
        to.Add(reading.Sources);
        to.Gauge("failed_sources", "Sources that the last pass could not read.");
        to.Add(reading.FailedSources);
        to.Counter("bad_lines", "Lines and rows that were no JSON object and were skipped.");
        to.Add(reading.BadLines);
        to.Gauge("store_bytes", "Size of the store, its log included.");
        to.Add(SizeOf(storePath) + SizeOf($"{storePath}-wal"));
        to.Counter("series_dropped", "Responses counted with every label 'other', because there was no room for another series.");
        to.Add(reading.Dropped);
        to.Info("build", "The program.", ("version", version), ("schema", Schema.Latest.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>All readings are looked at only when there is a new one.</summary>
    Quotas ReadQuotas(StoreReader store, long last, long nowMs)
    {
        lock (_lock)
        {
            var day = nowMs / QuarterHour.DayMs;
            if (_quotas is not { } known || known.Last != last || known.Day != day)
            {
                _quotas = known = (last, day, Quotas.Of(store.ReadQuotas(), nowMs));
            }

            return known.Quotas;
        }
    }

    static void WriteTime(ExpositionWriter to, string name, string help, long? ms)
    {
        to.Gauge(name, help);
        if (ms is { } known)
        {
            to.Add(known / 1000.0);
        }
    }

    static long SizeOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
