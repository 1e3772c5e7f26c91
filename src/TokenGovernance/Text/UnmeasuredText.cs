namespace TokenGovernance.Text;

/// <summary>Says of how many responses nobody knows what they used.</summary>
static class UnmeasuredText
{
    /// <summary>Such as "41 responses whose usage OpenClaw did not measure, mostly xai/grok-4.5".</summary>
    /// <param name="responses">How many; more than none.</param>
    /// <param name="model">The model with most of them.</param>
    /// <param name="ofModel">How many are of that model.</param>
    public static string Of(long responses, string model, long ofModel)
    {
        var share = ofModel == responses ? "all of" : 2 * ofModel > responses ? "mostly" : "most often";

        return $"{NumberFormat.Count(responses, "response")} whose usage OpenClaw did not measure, {share} {PrintableText.Of(model)}";
    }
}
