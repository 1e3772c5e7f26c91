using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>Forecasts in words.</summary>
static class ForecastText
{
    /// <summary>The amount and its range, such as "$34.10 ($28.20 to $45.00)"; "too early" where it is.</summary>
    public static string Short(Outlook outlook) => outlook switch
    {
        { IsTooEarly: true } => "too early",
        { Cost: { } cost } => Range(cost, amount => NumberFormat.Dollars((decimal)amount)),
        { Tokens: { } tokens } => Range(tokens, NumberFormat.Tokens),
        _ => NumberFormat.Unknown,
    };

    /// <summary>One sentence.</summary>
    /// <param name="outlook">The forecast.</param>
    /// <param name="zone">Whose days.</param>
    public static string Sentence(Outlook outlook, TimeZoneInfo zone)
    {
        var day = new LocalCalendar(zone).DayOf(outlook.EndMs - 1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        string Amount(double value) => outlook.Cost is null ? $"{NumberFormat.Tokens(value)} tokens" : NumberFormat.Dollars((decimal)value);

        return outlook.IsTooEarly
            ? $"Forecast: too early ({NumberFormat.Count(outlook.Days, "whole day")} of usage; {Forecast.LeastDays} are needed)."
            : (outlook.Cost ?? outlook.Tokens) is { } known
                ? $"Forecast: {Amount(known.Middle)} by the end of {day}; 8 in 10: {Amount(known.Low)} to {Amount(known.High)} (from the last {NumberFormat.Count(known.Days, "day")})."
                : "Forecast: nothing was used in the last 28 days.";
    }

    static string Range(Forecast forecast, Func<double, string> amount) => $"{amount(forecast.Middle)} ({amount(forecast.Low)} to {amount(forecast.High)})";
}
