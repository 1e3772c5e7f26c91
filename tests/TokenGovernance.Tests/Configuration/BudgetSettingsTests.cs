using TokenGovernance.Configuration;
using TokenGovernance.Reports;

namespace TokenGovernance.Tests.Configuration;

/// <summary>Limits and destinations in the configuration file, and what is said of those that cannot be meant.</summary>
public sealed class BudgetSettingsTests : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ABudgetSaysWhatCountsHowMuchAndWhoHears()
    {
        var budget = Read("""
            [[budget]]
            name = "research-day"
            where = ["agent=research", "agent=lab", "trigger!=user"]
            period = "day"
            limit = "5.50 USD"
            each = "model"
            warn = [80, 50]
            forecast = true
            unpriced = "ignore"
            notify = ["me"]
            [notify.me]
            openclaw = { channel = "telegram", target = "123" }
            """).Budgets.Single();

        budget.Should().BeEquivalentTo(new BudgetSettings
        {
            Name = "research-day",
            Where =
            [
                new NameFilter(Dimension.Agent, new HashSet<string> { "research", "lab" }),
                new NameFilter(Dimension.Trigger, new HashSet<string> { "user" }, IsNot: true),
            ],
            Period = new BudgetPeriod(BudgetSpan.Day),
            Limit = new Amount(5.5m, AmountUnit.Usd),
            Each = Dimension.Model,
            Warn = [50, 80, 100],
            WarnsByForecast = true,
            Unpriced = UnpricedUsage.Ignore,
            Notify = ["me"],
        });
    }

    [Theory]
    [InlineData("5 USD", 5, "Usd")]
    [InlineData("0.25 usd", 0.25, "Usd")]
    [InlineData("2M tokens", 2_000_000, "Tokens")]
    [InlineData("1.5k output-tokens", 1500, "OutputTokens")]
    [InlineData("500 responses", 500, "Responses")]
    public void AmountsAreReadWhateverTheLanguage(string text, double value, string unit) =>
        Amount.Parse(text).Should().Be(new Amount((decimal)value, Enum.Parse<AmountUnit>(unit)));

    [Theory]
    [InlineData("-5 USD")]
    [InlineData("0 USD")]
    [InlineData("1,5 USD")]
    [InlineData("5")]
    [InlineData("5 EUR")]
    [InlineData("USD 5")]
    [InlineData("1e3 USD")]
    [InlineData("1.5 tokens")]
    [InlineData("NaN USD")]
    [InlineData("99999999999999999999 USD")]
    [InlineData("5k USD")]
    public void WhatIsNoAmountIsNone(string text) => Amount.Parse(text).Should().BeNull();

    [Theory]
    [InlineData("5h", "Rolling", 5)]
    [InlineData("90d", "Rolling", 90 * 24)]
    [InlineData("2w", "Rolling", 14 * 24)]
    [InlineData("month", "Month", 0)]
    public void PeriodsAreSpansOfTheCalendarOrLengths(string text, string span, int hours) =>
        BudgetPeriod.Parse(text).Should().Be(new BudgetPeriod(Enum.Parse<BudgetSpan>(span), hours));

    [Theory]
    [InlineData("")]
    [InlineData("0h")]
    [InlineData("-5h")]
    [InlineData("5m")]
    [InlineData("400d")]
    [InlineData("99999999999h")]
    [InlineData("rolling")]
    [InlineData("Day")]
    public void WhatIsNoPeriodIsNone(string text) => BudgetPeriod.Parse(text).Should().BeNull();

    [Theory]
    [InlineData(1, "[[budget]] needs name: ", "[[budget]]\nperiod = 'day'\nlimit = '5 USD'")]
    [InlineData(1, "[[budget]] needs limit: ", "[[budget]]\nname = 'b'\nperiod = 'day'")]
    [InlineData(4, "limit takes an amount above 0", "[[budget]]\nname = 'b'\nperiod = 'day'\nlimit = '-5 USD'")]
    [InlineData(3, "period takes hour, day, week, month, or a length", "[[budget]]\nname = 'b'\nperiod = 'year'\nlimit = '5 USD'")]
    [InlineData(2, "name takes a name of small letters", "[[budget]]\nname = 'My Budget'\nperiod = 'day'\nlimit = '5 USD'")]
    [InlineData(6, "'b' is taken by a budget before this one", "[[budget]]\nname = 'b'\nperiod = 'day'\nlimit = '5 USD'\n[[budget]]\nname = 'b'\nperiod = 'day'\nlimit = '5 USD'")]
    [InlineData(5, "where takes a name and a value", "[[budget]]\nname = 'b'\nperiod = 'day'\nlimit = '5 USD'\nwhere = ['agnt=x']")]
    [InlineData(5, "each takes agent, model", "[[budget]]\nname = 'b'\nperiod = 'day'\nlimit = '5 USD'\neach = 'day'")]
    [InlineData(5, "warn takes whole numbers from 1 to 1000", "[[budget]]\nname = 'b'\nperiod = 'day'\nlimit = '5 USD'\nwarn = [0]")]
    [InlineData(5, "unknown key 'limt' in [[budget]]; did you mean 'limit'?", "[[budget]]\nname = 'b'\nperiod = 'day'\nlimit = '5 USD'\nlimt = 1")]
    [InlineData(5, "notify names 'my', but there is no [notify.my]; did you mean 'me'?", "[[budget]]\nname = 'b'\nperiod = 'day'\nlimit = '5 USD'\nnotify = ['my']\n[notify.me]\nexec = ['x']")]
    [InlineData(5, "action needs a budget of one job", "[[budget]]\nname = 'b'\nperiod = 'day'\nlimit = '5 USD'\naction = 'disable-job'")]
    [InlineData(5, "forecast belongs to a day, a week or a month", "[[budget]]\nname = 'b'\nperiod = '5h'\nlimit = '5 USD'\nforecast = true")]
    [InlineData(1, "[[quota]] needs provider", "[[quota]]\nwarn = [80]")]
    [InlineData(2, "floor takes one or both of", "[runaway]\nfloor = '5 USD'")]
    [InlineData(2, "factor takes a number from 0.1 to 100", "[runaway]\nfactor = 0")]
    [InlineData(1, "[notify.x] needs one of exec, webhook and openclaw", "[notify.x]\nformat = 'slack'")]
    [InlineData(1, "[notify.x] needs one of exec, webhook and openclaw", "[notify.x]\nexec = ['a']\nwebhook = 'http://b'")]
    [InlineData(2, "webhook takes an address", "[notify.x]\nwebhook = 'file:///etc/passwd'")]
    [InlineData(3, "format takes generic, slack, discord, ntfy or alertmanager", "[notify.x]\nwebhook = 'http://b'\nformat = 'teams'")]
    [InlineData(3, "secret takes a text, { env", "[notify.x]\nwebhook = 'http://b'\nsecret = { env = 'A', file = 'B' }")]
    [InlineData(2, "needs target", "[notify.x]\nopenclaw = { channel = 'telegram' }")]
    [InlineData(1, "budget takes tables, each headed [[budget]]", "[budget]\nname = 'b'")]
    public void WhatCannotBeMeantIsSaidWithItsLine(int line, string said, string text)
    {
        var read = () => Read(text);

        read.Should().Throw<ConfigurationException>().Which.Message.Split('\n')
            .Should().Contain(problem => problem.StartsWith($"{_folder["config.toml"]}:{line}: ") && problem.Contains(said));
    }

    [Fact]
    public void AFileWithSecretsThatOthersMayReadIsWarnedOf()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const string inFile = "[notify.x]\nwebhook = 'https://hooks.slack.com/services/T/B/x'\n";
        const string elsewhere = "[notify.x]\nwebhook = { env = 'HOOK' }\n";

        Read(inFile).Warnings.Should().ContainSingle().Which.Should().Contain("chmod 600");
        Read(elsewhere).Warnings.Should().BeEmpty();
        File.SetUnixFileMode(_folder["config.toml"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Read(inFile).Warnings.Should().BeEmpty();
    }

    Settings Read(string text)
    {
        File.WriteAllText(_folder["config.toml"], text);

        return ConfigurationFile.Read(_folder["config.toml"]);
    }
}
