namespace TokenGovernance.Domain;

/// <summary>Quarters of an hour since 1970, UTC: every time zone's days and hours begin with one.</summary>
static class QuarterHour
{
    public const long Ms = 15 * 60 * 1000;

    /// <summary>Stands for a time that is not known.</summary>
    public const int Unknown = int.MinValue;

    /// <summary>The quarter that a moment is in.</summary>
    public static int Of(long ms) => (int)((ms - (((ms % Ms) + Ms) % Ms)) / Ms);

    public static long StartMs(int quarter) => quarter * Ms;

    public static bool IsStart(long ms) => ms % Ms == 0;
}
