namespace TokenGovernance.Domain;

/// <summary>Quarters of an hour since 1970, UTC: every time zone's days and hours begin with one.</summary>
static class QuarterHour
{
    public const long Ms = 15 * 60 * 1000;

    /// <summary>Quarters in a day.</summary>
    public const int PerDay = 96;

    /// <summary>A day of UTC.</summary>
    public const long DayMs = PerDay * Ms;

    /// <summary>Stands for a time that is not known.</summary>
    public const int Unknown = int.MinValue;

    /// <summary>The quarter that a moment is in.</summary>
    public static int Of(long ms) => (int)((ms - (((ms % Ms) + Ms) % Ms)) / Ms);

    /// <summary>The day, counted since 1970, UTC, that a quarter is in; <see cref="Unknown" /> stays that.</summary>
    public static int DayOf(int quarter) => quarter == Unknown ? Unknown : (int)Math.Floor(quarter / (double)PerDay);

    /// <summary>The hour, counted since 1970, UTC, that a quarter is in; <see cref="Unknown" /> stays that.</summary>
    public static int HourOf(int quarter) => quarter == Unknown ? Unknown : quarter >> 2;

    public static long StartMs(int quarter) => quarter * Ms;

    public static bool IsStart(long ms) => ms % Ms == 0;
}
