namespace TokenGovernance.Domain;

/// <summary>A sum of US dollars that keeps what adding doubles loses: a million amounts add up to the billionth.</summary>
/// <param name="High">The sum as a double.</param>
/// <param name="Low">What the double could not hold.</param>
readonly record struct MoneySum(double High, double Low)
{
    const double Largest = 1e24;

    public static MoneySum operator +(MoneySum sum, double amount)
    {
        // Knuth's two-sum: high + error is exactly sum.High + amount.
        var high = sum.High + amount;
        var part = high - sum.High;
        var error = (sum.High - (high - part)) + (amount - part);

        return new MoneySum(high, sum.Low + error);
    }

    public static MoneySum operator +(MoneySum a, MoneySum b) => new MoneySum(a.High, a.Low + b.Low) + b.High;

    /// <summary>The total. Absurd amounts are clamped; they are no error.</summary>
    public decimal ToDecimal()
    {
        if (!double.IsFinite(High) || Math.Abs(High) > Largest)
        {
            return High < 0 ? (decimal)-Largest : (decimal)Largest;
        }

        // A double becomes a decimal of 15 digits: whole dollars and the rest apart keep more of them.
        var whole = Math.Truncate(High);

        return (decimal)whole + (decimal)(High - whole) + (decimal)Low;
    }
}
