namespace TokenGovernance.Configuration;

/// <summary>`[fleet]`: the PostgreSQL database that this machine's events are pushed to. With it, collecting pushes too.</summary>
sealed record FleetSettings
{
    public static readonly Limits IntervalSecLimits = new(0.1, 86_400);

    /// <summary>NULL: it is wrong, or not said.</summary>
    public PostgresAddress? Address { get; init; }

    /// <summary>What this node is called; NULL: like the machine.</summary>
    public string? Name { get; init; }

    /// <summary>As it is written.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Also columns that can name people: keys of sessions.</summary>
    public bool AllColumns { get; init; }

    /// <summary>Seconds between two pushes of a daemon.</summary>
    public double IntervalSec { get; init; } = 60;

    public static FleetSettings Read(Section section)
    {
        var settings = new FleetSettings
        {
            Address = ReadAddress(section),
            Name = section.Parsed("name", ParseName, "a name of at most 100 characters"),
            PasswordFile = section.Text("password_file") ?? section.Text("password-file"),
            AllColumns = section.Parsed("columns", text => text is "all" or "no-peer-ids" ? text : null, "\"no-peer-ids\" or \"all\"") is "all",
            IntervalSec = section.Number("interval-sec", IntervalSecLimits) ?? 60,
        };
        section.RejectUnknown();

        return settings;
    }

    /// <summary>NULL if a text cannot name a node.</summary>
    public static string? ParseName(string text) => text.Trim() is { Length: > 0 and <= 100 } name && !name.Any(char.IsControl) ? name : null;

    static PostgresAddress? ReadAddress(Section section)
    {
        if (!section.Has("url"))
        {
            section.FailAll($"[fleet] needs url: {PostgresAddress.Form}");

            return null;
        }

        if (!PostgresAddress.TryParse(section.Text("url") ?? "", out var address, out var problem))
        {
            section.Fail("url", problem);
        }

        return address;
    }
}
