namespace TokenGovernance.Serving.Api;

/// <summary>Answers what the verbs of the command line answer with `--json`, from the same code.</summary>
/// <remarks>
///     Parameters are the options of the verb without their dashes; one that may be repeated may be repeated here. Every method throws a
///     <see cref="BadQueryException" /> for parameters that cannot be meant, and a `UserFacingException` where the store cannot be read.
/// </remarks>
interface IQueries
{
    /// <summary>As `report --json`; of session keys without what names a person.</summary>
    string Report(IReadOnlyList<KeyValuePair<string, string>> parameters);

    /// <summary>As `status --json`.</summary>
    string Status(IReadOnlyList<KeyValuePair<string, string>> parameters);

    /// <summary>As `quota --json`.</summary>
    string Quota(IReadOnlyList<KeyValuePair<string, string>> parameters);

    /// <summary>As `budget --json`; without budgets an empty list.</summary>
    string Budget(IReadOnlyList<KeyValuePair<string, string>> parameters);

    /// <summary>The last alerts, newest first, and whether the collector is at work.</summary>
    string Alerts(IReadOnlyList<KeyValuePair<string, string>> parameters);
}
