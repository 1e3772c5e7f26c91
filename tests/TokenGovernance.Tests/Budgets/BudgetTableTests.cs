using System.Globalization;
using TokenGovernance.Budgets;
using TokenGovernance.Budgets.Limits;
using TokenGovernance.Configuration;
using TokenGovernance.Text;

namespace TokenGovernance.Tests.Budgets;

/// <summary>Budgets as people read them.</summary>
public sealed class BudgetTableTests
{
    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void NoLineIsWiderThanTheTerminalAndWhatIsMissingIsNamed(int width)
    {
        var budget = new BudgetSettings
        {
            Name = "research-agents-of-the-whole-department",
            Period = BudgetPeriod.Parse("month")!.Value,
            Limit = Amount.Parse("5 USD")!.Value,
        };
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };

        BudgetTable.Write(output, [new BudgetStatus(budget, "", new PeriodBounds(0, 1), IsBefore: false, Used: 1, Events: 20, UnpricedEvents: 12)], width);

        var text = output.ToString();
        text.Split('\n').Should().OnlyContain(line => TextWidth.WidthOf(line) <= width);
        text.Replace('\n', ' ').Should().Contain("12 of 20 responses have no price, so nobody can say that the limit is kept.");
        text.Contains("UNPRICED  STATE", StringComparison.Ordinal).Should().Be(!text.Contains("Not shown at this width", StringComparison.Ordinal));
    }
}
