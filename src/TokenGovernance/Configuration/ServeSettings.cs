namespace TokenGovernance.Configuration;

/// <summary>What `serve` takes as options. Where the file has the table `[serve]`, a daemon that collects serves, too.</summary>
sealed record ServeSettings
{
    /// <summary>As it is written.</summary>
    public string? Listen { get; init; }

    /// <summary>As it is written.</summary>
    public string? TokenFile { get; init; }

    public IReadOnlyList<string>? AllowHosts { get; init; }

    public bool NoDashboard { get; init; }

    /// <summary>The keys are the options of `serve` without their dashes.</summary>
    public static ServeSettings Read(Section section)
    {
        var settings = new ServeSettings
        {
            Listen = section.Text("listen"),
            TokenFile = section.Text("token-file"),
            AllowHosts = section.Texts("allow-host"),
            NoDashboard = section.Flag("no-dashboard"),
        };
        section.RejectUnknown();

        return settings;
    }
}
