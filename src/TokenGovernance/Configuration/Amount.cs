using System.Globalization;

namespace TokenGovernance.Configuration;

/// <summary>So much of something that is counted, such as 5 US dollars or 200,000 tokens.</summary>
readonly record struct Amount(decimal Value, AmountUnit Unit)
{
    public const string Forms = "an amount above 0 such as \"5 USD\", \"2M tokens\", \"200k output-tokens\" or \"500 responses\"";

    /// <summary>More than anybody spends; a decimal holds it with nine decimal places and room to add.</summary>
    const decimal Most = 1_000_000_000_000_000;

    static readonly (string Name, AmountUnit Unit)[] Units =
    [
        ("USD", AmountUnit.Usd), ("tokens", AmountUnit.Tokens), ("output-tokens", AmountUnit.OutputTokens), ("responses", AmountUnit.Responses),
    ];

    /// <summary>Reads an amount; NULL if it is none, or not above zero.</summary>
    public static Amount? Parse(string text)
    {
        var (number, name) = text.Trim().Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) switch
        {
            [var left, var right] => (left, right),
            _ => ("", ""),
        };
        var unit = Array.FindIndex(Units, unit => unit.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        var times = number.Length == 0 || unit <= 0 ? 1 : number[^1] switch { 'k' or 'K' => 1_000, 'M' => 1_000_000, _ => 1 };
        if (unit < 0
            || !decimal.TryParse(times == 1 ? number : number[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            || value <= 0 || value > Most)
        {
            return null;
        }

        var amount = new Amount(value * times, Units[unit].Unit);

        return amount.Unit is AmountUnit.Usd || amount.Value == decimal.Truncate(amount.Value) ? amount : null;
    }

    /// <summary>The unit as it is written.</summary>
    public static string NameOf(AmountUnit unit) => Array.Find(Units, known => known.Unit == unit).Name;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value:0.#########} {NameOf(Unit)}");
}

/// <summary>What can be limited.</summary>
enum AmountUnit
{
    Usd,
    Tokens,
    OutputTokens,
    Responses,
}
