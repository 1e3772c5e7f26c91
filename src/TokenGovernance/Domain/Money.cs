namespace TokenGovernance.Domain;

/// <summary>US dollars as whole billionths: adding loses nothing, and its order does not matter.</summary>
/// <param name="Billionths">Of one response at most 64 bits, see <see cref="MaxDollars" />; of any sum no more than 128.</param>
readonly record struct Money(Int128 Billionths) : IComparable<Money>
{
    /// <summary>The most that is kept of one amount: its billionths fit 64 bits nine times.</summary>
    public const double MaxDollars = 1e9;

    const int PerDollar = 1_000_000_000;

    /// <summary>For people. Beyond 28 digits the last ones are rounded.</summary>
    public decimal Dollars => (decimal)(Billionths / PerDollar) + ((decimal)(Billionths % PerDollar) / PerDollar);

    public static Money operator +(Money a, Money b) => new(a.Billionths + b.Billionths);

    /// <summary>An amount as it was recorded, to the nearest billionth; what is no amount counts nothing.</summary>
    public static Money FromDollars(double dollars) =>
        new((long)Math.Round(Clamp(dollars) * PerDollar, MidpointRounding.AwayFromZero));

    public static Money FromDollars(decimal dollars)
    {
        var whole = decimal.Truncate(dollars);

        return new Money(((Int128)whole * PerDollar) + (Int128)Math.Round((dollars - whole) * PerDollar, MidpointRounding.AwayFromZero));
    }

    /// <summary>Cuts off what no response can cost: amounts below zero, and those beyond all reason.</summary>
    public static double Clamp(double dollars) => dollars >= 0 ? Math.Min(dollars, MaxDollars) : 0;

    public int CompareTo(Money other) => Billionths.CompareTo(other.Billionths);
}
