using TokenGovernance.Storage.Metrics;

namespace TokenGovernance.Serving.Metrics;

/// <summary>The counters of responses, tokens and costs.</summary>
static class UsageMetrics
{
    public static void Write(ExpositionWriter to, MetricReading reading)
    {
        Write(to, reading, "responses", "Model responses.", sums => sums.Responses);
        Write(to, reading, "response_errors", "Model responses that failed.", sums => sums.Errors, leaveZerosOut: true);
        Write(to, reading, "unpriced_responses", "Model responses whose price is not known: their cost is in no cost metric.", sums => sums.Unpriced, leaveZerosOut: true);
        Write(to, reading, "unmeasured_responses", "Model responses whose tokens nobody measured: they are in no token metric.", sums => sums.Unmeasured, leaveZerosOut: true);
        WriteTokens(to, reading);
        WriteCosts(to, reading);
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
    /// <param name="reading">The counters.</param>
    /// <param name="name">The counter's name.</param>
    /// <param name="help">What it counts.</param>
    /// <param name="valueOf">Its value.</param>
    /// <param name="leaveZerosOut">Most series have none: there is a sample once there is something to count.</param>
    static void Write(ExpositionWriter to, MetricReading reading, string name, string help, Func<MetricSums, long> valueOf, bool leaveZerosOut = false)
    {
        to.Counter(name, help);
        foreach (var (labels, sums) in reading.Series.Where(one => !leaveZerosOut || valueOf(one.Sums) > 0))
        {
            to.Add(valueOf(sums), LabelsOf(labels));
            to.Created(sums.CreatedMs, LabelsOf(labels));
        }
    }

    static void WriteTokens(ExpositionWriter to, MetricReading reading)
    {
        to.Counter("tokens", "Tokens by what they were: no token is in two types.");
        foreach (var (labels, sums) in reading.Series)
        {
            foreach (var (type, value) in new[] { ("input", sums.Input), ("output", sums.Output), ("cache_read", sums.CacheRead), ("cache_write", sums.CacheWrite) })
            {
                to.Add(value, [.. LabelsOf(labels), ("token_type", type)]);
                to.Created(sums.CreatedMs, [.. LabelsOf(labels), ("token_type", type)]);
            }
        }
    }

    static void WriteCosts(ExpositionWriter to, MetricReading reading)
    {
        to.Counter("cost_usd", "Known cost in US dollars: as OpenClaw recorded it, or as the provider billed it.");
        foreach (var (labels, sums) in reading.Series)
        {
            if (sums.RecordedResponses > 0)
            {
                to.AddDollars(sums.RecordedNano, [.. LabelsOf(labels), ("source", "recorded")]);
                to.Created(sums.CreatedMs, [.. LabelsOf(labels), ("source", "recorded")]);
            }

            if (sums.BilledResponses > 0)
            {
                to.AddDollars(sums.BilledNano, [.. LabelsOf(labels), ("source", "provider_billed")]);
                to.Created(sums.CreatedMs, [.. LabelsOf(labels), ("source", "provider_billed")]);
            }
        }
    }

    static (string Name, string Value)[] LabelsOf(in MetricLabels labels) =>
        [("agent", labels.Agent), ("provider", labels.Provider), ("model", labels.Model), ("channel", labels.Channel), ("trigger", labels.Trigger)];
}
