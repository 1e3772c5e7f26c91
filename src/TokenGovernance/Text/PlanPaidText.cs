namespace TokenGovernance.Text;

/// <summary>Says of how many responses a plan pays for, so that they have no price of their own.</summary>
static class PlanPaidText
{
    /// <summary>Such as "41 responses (codex 41) have no price of their own: …".</summary>
    /// <param name="runtimes">Runtimes, and how many such responses each has; one at least.</param>
    public static string Of(IReadOnlyList<(string Runtime, long Responses)> runtimes)
    {
        var names = string.Join(", ", runtimes.Select(one => $"{PrintableText.Of(one.Runtime)} {NumberFormat.Count(one.Responses)}"));

        return $"{NumberFormat.Count(runtimes.Sum(one => one.Responses), "response")} ({names}) have no price of their own: a plan pays for them. "
            + "Limit their tokens, or watch the plan's windows with [[quota]]; 'report costs --estimate' says what a price list would ask.";
    }
}
