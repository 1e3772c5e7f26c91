using TokenGovernance.Storage.Metrics;

namespace TokenGovernance.Serving.Metrics;

/// <summary>The counters of responses, tokens and costs.</summary>
static class UsageMetrics
{
    public static void Write(ExpositionWriter to, MetricReading reading)
    {
        List<(LabelText Labels, MetricSums Sums)> series = [.. reading.Series.Select(one => (TextOf(one.Labels), one.Sums))];
        Write(to, series, "responses", "Model responses.", sums => sums.Responses);
        Write(to, series, "response_errors", "Model responses that failed.", sums => sums.Errors, leaveZerosOut: true);
        Write(to, series, "unpriced_responses", "Model responses whose price is not known: their cost is in no cost metric.", sums => sums.Unpriced, leaveZerosOut: true);
        Write(to, series, "unmeasured_responses", "Model responses whose tokens nobody measured: they are in no token metric.", sums => sums.Unmeasured, leaveZerosOut: true);
        WriteTokens(to, series);
        WriteCosts(to, series);
        to.Counter("job_tokens", "Tokens of cron jobs.");
        foreach (var (agent, job, sums) in reading.Jobs)
        {
            to.Add(sums.Tokens, ("agent", agent), ("job", job));
            to.Created(sums.CreatedMs, ("agent", agent), ("job", job));
        }

        to.Counter("job_cost_usd", "Known cost of cron jobs in US dollars, recorded and billed.");
        foreach (var (agent, job, sums) in reading.Jobs.Where(one => one.Sums.PricedResponses > 0))
        {
            to.AddDollars(sums.CostNano, ("agent", agent), ("job", job));
            to.Created(sums.CreatedMs, ("agent", agent), ("job", job));
        }
    }

    /// <param name="to">Where to.</param>
    /// <param name="series">The counters.</param>
    /// <param name="name">The counter's name.</param>
    /// <param name="help">What it counts.</param>
    /// <param name="valueOf">Its value.</param>
    /// <param name="leaveZerosOut">Most series have none: there is a sample once there is something to count.</param>
    static void Write(ExpositionWriter to, List<(LabelText Labels, MetricSums Sums)> series, string name, string help, Func<MetricSums, long> valueOf, bool leaveZerosOut = false)
    {
        to.Counter(name, help);
        foreach (var (labels, sums) in series.Where(one => !leaveZerosOut || valueOf(one.Sums) > 0))
        {
            to.Add(valueOf(sums), labels);
            to.Created(sums.CreatedMs, labels);
        }
    }

    static void WriteTokens(ExpositionWriter to, List<(LabelText Labels, MetricSums Sums)> series)
    {
        to.Counter("tokens", "Tokens by what they were: no token is in two types.");
        foreach (var (labels, sums) in series)
        {
            foreach (var (type, value) in new[] { ("input", sums.Input), ("output", sums.Output), ("cache_read", sums.CacheRead), ("cache_write", sums.CacheWrite) })
            {
                var typed = labels.With("token_type", type);
                to.Add(value, typed);
                to.Created(sums.CreatedMs, typed);
            }
        }
    }

    static void WriteCosts(ExpositionWriter to, List<(LabelText Labels, MetricSums Sums)> series)
    {
        to.Counter("cost_usd", "Known cost in US dollars: as OpenClaw recorded it, or as the provider billed it.");
        foreach (var (labels, sums) in series)
        {
            if (sums.RecordedResponses > 0)
            {
                var recorded = labels.With("source", "recorded");
                to.AddDollars(sums.RecordedNano, recorded);
                to.Created(sums.CreatedMs, recorded);
            }

            if (sums.BilledResponses > 0)
            {
                var billed = labels.With("source", "provider_billed");
                to.AddDollars(sums.BilledNano, billed);
                to.Created(sums.CreatedMs, billed);
            }
        }
    }

    static LabelText TextOf(in MetricLabels labels) => LabelText.Of(
        ("agent", labels.Agent), ("provider", labels.Provider), ("model", labels.Model), ("channel", labels.Channel), ("trigger", labels.Trigger));
}
