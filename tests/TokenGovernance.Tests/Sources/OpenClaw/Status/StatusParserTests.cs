using System.Text;
using TokenGovernance.Domain;
using TokenGovernance.Sources.OpenClaw.Status;

namespace TokenGovernance.Tests.Sources.OpenClaw.Status;

public class StatusParserTests
{
    static readonly QuotaSnapshot Blank = new() { TakenMs = 1_795_293_559_487, Home = "/home/user/.openclaw", AgentId = "main" };

    [Theory]
    [InlineData("2.9-badconfig", 10, 0)]
    [InlineData("2.9-configwarn", 10, 0)]
    [InlineData("2.9-creds", 10, 0)]
    [InlineData("2.9-creds-error", 6, 3)]
    [InlineData("2.9-nocreds-gw", 0, 0)]
    [InlineData("2.9-nocreds-nogw", 0, 0)]
    [InlineData("7.1-nocreds-nogw", 0, 0)]
    [InlineData("9.6-creds-gw", 11, 1)]
    [InlineData("9.6-creds-gw-error", 5, 4)]
    [InlineData("9.6-creds-gw-slow", 11, 1)]
    [InlineData("9.6-nocreds-gw", 0, 0)]
    public void ARecordedAnswerIsUnderstood(string name, int rows, int errors)
    {
        var reading = StatusParser.Parse(StatusCases.Output(name), Blank);

        reading.Failure.Should().BeNull();
        reading.Snapshots.Should().HaveCount(rows);
        reading.Snapshots.Count(row => row.Kind is SnapshotKind.Error).Should().Be(errors);
        reading.Snapshots.Should().NotContain(row => row.Home != Blank.Home || row.AgentId != "main" || row.TakenMs != Blank.TakenMs);
    }

    [Theory]
    [InlineData("2.9-creds-slow", "it printed no JSON")]
    [InlineData("9.6-badconfig", "no provider answered: Timeout (7)")]
    [InlineData("9.6-creds", "no provider answered: Timeout (7)")]
    [InlineData("9.6-creds2", "no provider answered: Timeout (7)")]
    [InlineData("9.6-creds3", "no provider answered: Timeout (7)")]
    [InlineData("9.6-creds-nogw-t8000", "no provider answered: Timeout (7)")]
    [InlineData("9.6-creds-gw-slow-t6000", "no provider answered: Timeout (4), Usage unavailable (1)")]
    public void ARecordedAnswerOfNothingButErrorsIsOneFailedReading(string name, string failure)
    {
        var reading = StatusParser.Parse(StatusCases.Output(name), Blank);

        reading.Failure.Should().Be(failure);
        reading.Snapshots.Should().Equal(Blank with { Kind = SnapshotKind.Error, Error = failure });
    }

    [Fact]
    public void EveryRecordedCaseIsCoveredAbove()
    {
        var covered = new[] { nameof(ARecordedAnswerIsUnderstood), nameof(ARecordedAnswerOfNothingButErrorsIsOneFailedReading) }
            .SelectMany(test => typeof(StatusParserTests).GetMethod(test)!.GetCustomAttributes(typeof(InlineDataAttribute), false))
            .Select(data => ((InlineDataAttribute)data).GetData(null!).Single()[0]);

        covered.Should().BeEquivalentTo(StatusCases.All);
    }

    [Fact]
    public void WindowsBalancesAndBudgetsBecomeRowsOfTheirKind()
    {
        var rows = StatusParser.Parse(StatusCases.Output("9.6-creds-gw"), Blank).Snapshots;

        var claude = Blank with { Provider = "anthropic", DisplayName = "Claude" };
        var openAi = Blank with { Provider = "openai", DisplayName = "OpenAI", Plan = "plus", AccountEmail = StatusCases.Email };
        rows.Where(row => row.Provider is "anthropic" or "openai" or "openrouter").Should().Equal(
            claude with { Kind = SnapshotKind.Window, WindowLabel = "5h", UsedPercent = 37.5, ResetAtMs = 1_795_299_883_605 },
            claude with { Kind = SnapshotKind.Window, WindowLabel = "Week", UsedPercent = 62, ResetAtMs = 1_795_551_883_605 },
            claude with { Kind = SnapshotKind.Window, WindowLabel = "Opus", UsedPercent = 18 },
            claude with { Kind = SnapshotKind.Budget, Amount = 12.34, AmountLimit = 50, Unit = "USD", Period = "month" },
            openAi with { Kind = SnapshotKind.Window, WindowLabel = "5h", UsedPercent = 12, ResetAtMs = 1_795_301_683_000 },
            openAi with { Kind = SnapshotKind.Window, WindowLabel = "Week", UsedPercent = 44, ResetAtMs = 1_795_692_683_000 },
            openAi with { Kind = SnapshotKind.Balance, Amount = 7.25, Unit = "credits" },
            Blank with { Provider = "openrouter", DisplayName = "OpenRouter", Kind = SnapshotKind.Error, Error = "Usage unavailable" });
    }

    [Fact]
    public void ABalanceInAPlansNameStaysThere() =>
        StatusParser.Parse(StatusCases.Output("2.9-creds"), Blank).Snapshots
            .Where(row => row.Provider == "openai-codex").Should().OnlyContain(row => row.Plan == "plus ($7.25)" && row.Amount == null);

    [Fact]
    public void WindowsOfOneLabelAreToldApartByTheirGroups()
    {
        var rows = ParseProviders("""
            {"provider":"g","windows":[
              {"label":"Day","groupLabel":"Pro","usedPercent":1.5},
              {"label":"Day","groupLabel":"Flash","usedPercent":2}]}
            """).Snapshots;

        rows.Select(row => (row.WindowLabel, row.GroupLabel, row.UsedPercent)).Should().Equal(("Day", "Pro", 1.5), ("Day", "Flash", 2));
    }

    [Fact]
    public void ASpendIsARow()
    {
        var rows = ParseProviders("""
            {"provider":"x","windows":[],"billing":[
              {"type":"spend","label":"API","amount":3.5,"unit":"USD","period":"month","resetAt":1795699999999},
              {"type":"of tomorrow","amount":1}]}
            """).Snapshots;

        rows.Should().Equal(Blank with
        {
            Provider = "x",
            Kind = SnapshotKind.Spend,
            WindowLabel = "API",
            Amount = 3.5,
            Unit = "USD",
            Period = "month",
            ResetAtMs = 1_795_699_999_999,
        });
    }

    [Fact]
    public void AProvidersErrorBesideItsWindowsIsARowMore() =>
        ParseProviders("""{"provider":"x","windows":[{"label":"5h","usedPercent":1}],"error":"partly"}""").Snapshots
            .Select(row => row.Kind).Should().Equal(SnapshotKind.Window, SnapshotKind.Error);

    [Fact]
    public void FieldsOfAnotherTypeCountAsNotSaid()
    {
        var rows = ParseProviders("""
            {"provider":7,"displayName":[],"plan":{},"accountEmail":1,"error":false,"windows":[3,null,
              {"label":5,"groupLabel":"","usedPercent":"much","resetAt":1e300},
              {"\udead":1,"label":"\ud800","usedPercent":1e999,"resetAt":"soon"}],"billing":{}}, "text", null
            """).Snapshots;

        rows.Should().Equal(Blank with { Kind = SnapshotKind.Window }, Blank with { Kind = SnapshotKind.Window, WindowLabel = "\uFFFD" });
    }

    [Fact]
    public void TextIsBounded()
    {
        var row = ParseProviders($$"""{"provider":"x","plan":"{{new string('p', 2_000_000)}}","error":"{{new string('e', 2_000_000)}}"}""", """{"provider":"y"}""")
            .Snapshots.Single();

        row.Plan.Should().HaveLength(1024);
        row.Error.Should().HaveLength(200);
    }

    [Theory]
    [InlineData("{\n}", "its answer has no usage in it")]
    [InlineData("│\r\n◇  Config\r\n{\r\n\"usage\":{\"providers\":[]}}\r\nbye\r\n", null)]
    [InlineData("{\n\"usage\":{\"providers\":[]}", "its JSON is incomplete or broken")]
    [InlineData("{\"level\":\"warn\",\"usage\":1}\n{\"usage\":{\"providers\":[]}}", null)]
    [InlineData("[plugin] {x} is here {\"usage\":{\"providers\":[]}} and {gone", null)]
    [InlineData("{\n broken\n{\"usage\":{\"providers\":[]}}\n{\"usage\":{}}", null)]
    [InlineData("{\"\\ud800\":1,\"usage\":{\"\\ud800\":[],\"providers\":[]}}", null)]
    [InlineData("{{{{{{{{{{{{{{{{", "its JSON is incomplete or broken")]
    [InlineData("{\n\"usage\":{}}", "its answer has no usage in it")]
    [InlineData("{\n\"usage\":[]}", "its answer has no usage in it")]
    [InlineData("no JSON { at all", "it printed no JSON")]
    [InlineData("", "it printed no JSON")]
    public void AnAnswerMayBeWrappedButNotCut(string output, string? failure) =>
        StatusParser.Parse(Encoding.UTF8.GetBytes(output), Blank).Failure.Should().Be(failure);

    [Theory]
    [InlineData("HTTP 401: OAuth token has expired", "HTTP 401: OAuth token has expired")]
    [InlineData("no access for <me.too+x@mail.example.org>: ask\n\tyour admin", "no access for <(e-mail)>: ask your admin")]
    [InlineData("red \u001b[31malert", "red [31malert")]
    [InlineData(" \n ", null)]
    public void AnErrorIsOneLineWithoutAnybodysAddress(string text, string? line) => StatusText.Line(text).Should().Be(line);

    static StatusReading ParseProviders(params string[] providers) =>
        StatusParser.Parse(Encoding.UTF8.GetBytes($"{{\n\"usage\":{{\"providers\":[{string.Join(',', providers)}]}}}}"), Blank);
}
