using TokenGovernance.Reports;

namespace TokenGovernance.Configuration;

/// <summary>Reads `[[budget]]`, `[[quota]]` and `[runaway]`.</summary>
static class BudgetReader
{
    const double FloorUsd = 0.25;
    const int FloorOutputTokens = 20_000;

    static readonly Limits FactorLimits = new(0.1, 100);

    /// <summary>What is watched where the file says no more than that it is.</summary>
    public static RunawaySettings UsualRunaway { get; } = new([], 1, (decimal)FloorUsd, FloorOutputTokens, []);

    public static BudgetSettings? ReadBudget(Section section)
    {
        var name = section.Required("name", BudgetName.Parse, BudgetName.Form);
        var period = section.Required("period", text => (BudgetPeriod?)BudgetPeriod.Parse(text), BudgetPeriod.Forms);
        var limit = section.Required("limit", text => (Amount?)Amount.Parse(text), Amount.Forms);
        var where = ReadWhere(section);
        var each = section.Parsed("each", text => FindDimension(text), string.Join(", ", Dimensions.BudgetNames));
        var warn = ReadPercents(section, [100]);
        var unpriced = section.Parsed("unpriced", text => FindUnpriced(text), "count, estimate or ignore");
        var byForecast = section.Flag("forecast");
        var notify = section.Texts("notify") ?? [];
        var job = ReadAction(section, where, each);
        if (byForecast && period is { } span && (span.IsRolling || span.Span is BudgetSpan.Hour))
        {
            section.Fail("forecast", "belongs to a day, a week or a month: what rolls has no end to forecast");
        }

        section.RejectUnknown();

        return name is null || period is null || limit is null ? null : new BudgetSettings
        {
            Name = name,
            Where = where,
            Each = each,
            Period = period.Value,
            Limit = limit.Value,
            Warn = warn,
            WarnsByForecast = byForecast,
            Unpriced = unpriced ?? UnpricedUsage.Count,
            Notify = notify,
            DisabledJob = job,
        };
    }

    public static QuotaSettings? ReadQuota(Section section)
    {
        var provider = section.Required("provider", text => text, "a provider's id, as `quota` shows it");
        var quota = new QuotaSettings(provider ?? "", section.Text("window"), ReadPercents(section, [80, 100]), section.Texts("notify") ?? []);
        section.RejectUnknown();

        return provider is null ? null : quota;
    }

    /// <summary>NULL if it is not enabled.</summary>
    public static RunawaySettings? ReadRunaway(Section section)
    {
        var isEnabled = !section.Has("enabled") || section.Flag("enabled");
        var (usd, tokens) = ((decimal)FloorUsd, (decimal)FloorOutputTokens);
        foreach (var text in section.Texts("floor") ?? [])
        {
            switch (text.EndsWith("/15m", StringComparison.Ordinal) ? Amount.Parse(text[..^4]) : null)
            {
                case { Unit: AmountUnit.Usd } amount:
                    usd = amount.Value;
                    break;
                case { Unit: AmountUnit.OutputTokens } amount:
                    tokens = amount.Value;
                    break;
                default:
                    section.Fail("floor", "takes one or both of \"0.25 USD/15m\" and \"20k output-tokens/15m\"");
                    break;
            }
        }

        var settings = new RunawaySettings(ReadWhere(section), section.Number("factor", FactorLimits) ?? 1, usd, tokens, section.Texts("notify") ?? []);
        section.RejectUnknown();

        return isEnabled ? settings : null;
    }

    static IReadOnlyList<NameFilter> ReadWhere(Section section)
    {
        var filters = new List<NameFilter>();
        foreach (var text in section.Texts("where") ?? [])
        {
            if (NameFilter.Parse(text) is { } filter && filter.Dimension.CanLimit())
            {
                filters.Add(filter);
            }
            else
            {
                section.Fail("where", $"takes a name and a value such as \"agent=main\", not \"{text}\". Names: {string.Join(", ", Dimensions.BudgetNames)}");
            }
        }

        return NameFilter.Join(filters);
    }

    static IReadOnlyList<int> ReadPercents(Section section, IReadOnlyList<int> usual) =>
        section.Integers("warn", new Limits(1, 1000)) is { } percents ? [.. percents.Append(100).Distinct().Order()] : usual;

    /// <summary>A job can be disabled only where the budget is that job's alone.</summary>
    static string? ReadAction(Section section, IReadOnlyList<NameFilter> where, Dimension? each)
    {
        if (section.Parsed("action", text => text is "disable-job" ? text : null, "disable-job") is null)
        {
            return null;
        }

        if (each is null && where.Where(filter => filter is { Dimension: Dimension.Job, IsNot: false }).ToList() is [{ Names.Count: 1 } job])
        {
            return job.Names.Single();
        }

        section.Fail("action", "needs a budget of one job: where = [\"job=ID\"], without each");

        return null;
    }

    static Dimension? FindDimension(string text) => Dimensions.Find(text) is { } dimension && dimension.CanLimit() ? dimension : null;

    static UnpricedUsage? FindUnpriced(string text) =>
        text switch { "count" => UnpricedUsage.Count, "estimate" => UnpricedUsage.Estimate, "ignore" => UnpricedUsage.Ignore, _ => null };
}
