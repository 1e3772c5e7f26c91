namespace TokenGovernance.Budgets.Runaway;

/// <summary>What a quarter-hour says, and what is usual; all in the unit of the series.</summary>
/// <param name="Kind">Whether it is a sign of a runaway, and which.</param>
/// <param name="Quarter">What the quarter-hour cost.</param>
/// <param name="Hour">What it and the three before cost.</param>
/// <param name="Hours">What it and the fifteen before cost, of a sign.</param>
/// <param name="Least">The cheapest of those sixteen.</param>
/// <param name="UsualQuarter">The dearest quarter-hour of the last 28 days.</param>
/// <param name="UsualHour">The dearest hour of the last 28 days.</param>
/// <param name="UsualLeast">What was kept up longest: the highest <paramref name="Least" /> of the last 28 days.</param>
/// <param name="ActiveDays">How many of those days had usage.</param>
readonly record struct RunawaySigns(
    RunawayKind Kind, double Quarter, double Hour, double Hours, double Least,
    double UsualQuarter, double UsualHour, double UsualLeast, int ActiveDays)
{
    public static RunawaySigns Read(BinaryReader reader) => new(
        (RunawayKind)reader.ReadByte(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(),
        reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadInt32());

    public void Write(BinaryWriter writer)
    {
        writer.Write((byte)Kind);
        foreach (var amount in (ReadOnlySpan<double>)[Quarter, Hour, Hours, Least, UsualQuarter, UsualHour, UsualLeast])
        {
            writer.Write(amount);
        }

        writer.Write(ActiveDays);
    }
}

/// <summary>The sign of a runaway.</summary>
enum RunawayKind
{
    None,

    /// <summary>More in a quarter-hour, and in an hour, than ever.</summary>
    Burst,

    /// <summary>More, and without a pause, than was ever kept up for four hours.</summary>
    Sustained,
}
