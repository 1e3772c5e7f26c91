using System.Globalization;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Sources.OpenClaw;

namespace TokenGovernance.Tests.Reports;

/// <summary>Estimates are of unpriced usage only, apart from what is known, and by list prices that somebody wrote down.</summary>
public sealed class EstimateTests
{
    [Fact]
    public void OpenClawsPricesAreByTheMillionAndItsFileMayHaveComments()
    {
        using var scene = Scene();
        var prices = new PriceList();
        Directory.CreateDirectory(scene["home"]);
        File.WriteAllText(Path.Combine(scene["home"], "openclaw.json"), """
            {
              // Prices of the house.
              "models": { "providers": {
                "plan": { "apiKey": "sk-secret", "models": [{ "id": "gpt", "cost": { "input": 2, "output": 10, "cacheRead": 0.5, "cacheWrite": 0 } }] },
                "mine": { "baseUrl": "http://127.0.0.1:1234/v1", "models": [] },
                "local": { "models": [{ "id": "free", "cost": { "input": 0, "output": 0, "cacheRead": 0, "cacheWrite": 0 } }, {}, 7] },
                "odd": 3,
              } },
            }
            """);

        PriceReader.AddOpenClaw(prices, scene["home"]);
        var report = scene.Report(new ReportQuery { By = [Dimension.Model] });
        var estimate = Estimate.Of(report, prices);

        estimate.Rows.Select(row => (row.Model.Name, row.Cost?.Dollars)).Should().BeEquivalentTo(
            new (string, decimal?)[] { ("plan/gpt", (1000 * 2 + 200 * 10 + 4000 * 0.5m) / 1_000_000), ("local/free", null) });
        estimate.Total?.Dollars.Should().Be(0.006m);
        report.Totals.Known?.Dollars.Should().Be(1m, "what is known stays what it was");
        var text = Write(estimate);
        text.Should().Contain("at list prices").And.Contain("openclaw.json: plan/gpt").And.Contain("local model, no price").And.NotContain("secret");
        Write(estimate, width: 48).Should().Contain("Not shown at this width: PRICES FROM.").And.NotContain("…")
            .And.Subject.Split('\n').Should().OnlyContain(line => line.Length <= 48);
    }

    [Fact]
    public void APriceFileOfLiteLlmIsByTheToken()
    {
        using var scene = Scene();
        File.WriteAllText(scene["prices.json"], """
            {
              "sample_spec": { "litellm_provider": "one of …", "max_tokens": "text" },
              "gpt": { "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6, "input_cost_per_token_above_200k_tokens": 9e-6 },
              "plan/gpt": { "input_cost_per_token": 3e-06, "output_cost_per_token": 4e-06, "cache_read_input_token_cost": 5e-07 },
              "free": { "input_cost_per_token": 0, "output_cost_per_token": 0 }
            }
            """);
        var prices = new PriceList();

        PriceReader.AddPriceFile(prices, scene["prices.json"]);
        var estimate = Estimate.Of(scene.Report(new ReportQuery { By = [Dimension.Model] }), prices);

        estimate.Rows.Single(row => row.Model.Model == "gpt").Cost?.Dollars.Should().Be((1000 * 3 + 200 * 4 + 4000 * 0.5m) / 1_000_000);
        estimate.Rows.Single(row => row.Model.Model == "free").Cost.Should().BeNull("a zero in a list is no price");
        estimate.Rows.Single(row => row.Model.Model == "gpt").PriceText.Should().Be("prices.json: plan/gpt");
        estimate.Notes.Should().BeEmpty("the model with tiers is not the one that was used");
    }

    [Fact]
    public void AMissingCachePriceIsTheInputPriceAndTiersAreSaidOfTheModelsThatHaveThem()
    {
        using var scene = Scene();
        File.WriteAllText(scene["prices.json"], """
            {
              "gpt": { "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6, "input_cost_per_token_above_200k_tokens": 9e-6 },
              "other": { "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6, "output_cost_per_token_above_128k_tokens": 9e-6 }
            }
            """);
        var prices = new PriceList();

        PriceReader.AddPriceFile(prices, scene["prices.json"]);
        var estimate = Estimate.Of(scene.Report(new ReportQuery { By = [Dimension.Model] }), prices);

        var row = estimate.Rows.Single(row => row.Model.Model == "gpt");
        row.Cost!.Value.Dollars.Should().Be((1000 * 1 + 200 * 2 + 4000 * 1) / 1_000_000m);
        row.PriceText.Should().Be("prices.json: gpt");
        estimate.Notes.Should().Equal(
            "Prices that depend on the length of the context: the basic price was used for gpt.",
            "No cache price: the input price was used for cached tokens of gpt.");
    }

    [Theory]
    [InlineData("ollama", false)]
    [InlineData("LMStudio", false)]
    [InlineData("mine", false)]
    [InlineData("openai-codex", true)]
    [InlineData(null, true)]
    public void ABareNamePricesNoLocalModel(string? provider, bool isPriced)
    {
        using var scene = Scene();
        Directory.CreateDirectory(scene["home"]);
        File.WriteAllText(Path.Combine(scene["home"], "openclaw.json"), """
            { "models": { "providers": { "mine": { "baseUrl": "http://localhost:8080/v1" }, "openai-codex": { "baseUrl": "https://example.com/v1" } } } }
            """);
        File.WriteAllText(scene["prices.json"], """
            { "gpt-oss": { "input_cost_per_token": 1e-6 }, "ollama/priced": { "input_cost_per_token": 1e-7 } }
            """);
        var prices = new PriceList();
        PriceReader.AddOpenClaw(prices, scene["home"]);
        PriceReader.AddPriceFile(prices, scene["prices.json"]);

        (prices.Find(provider, "gpt-oss") is not null).Should().Be(isPriced);
        prices.Find("ollama", "priced")!.Key.Should().Be("ollama/priced", "a price of its own is a price");
    }

    [Theory]
    [InlineData("{ \"apiKey\": \"sk-secret\" \"broken\" }")]
    [InlineData("[]")]
    public void AFileThatIsNoneIsSaidWithoutItsContent(string json)
    {
        using var scene = Scene();
        File.WriteAllText(scene["prices.json"], json);

        var read = () => PriceReader.AddPriceFile(new PriceList(), scene["prices.json"]);

        read.Should().Throw<UserFacingException>().Which.Message.Should().Contain("prices.json").And.NotContain("secret");
    }

    [Theory]
    [InlineData("", true, "No price for cache writes that are kept for an hour: twice the input price was used, as Anthropic bills them, for claude.")]
    [InlineData(",\"cache_creation_input_token_cost_above_1hr\":0.00000001", false, null)]
    public void CacheWritesForAnHourHaveAPriceOfTheirOwn(string price, bool isTwiceTheInput, string? note)
    {
        using var scene = Scene();
        scene.Execute("""
            INSERT INTO usage_events (ingest_ts, model_provider, model, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cache_write_1h_tokens,
              total_tokens, cost_total, cost_source, event_key) VALUES ('', 'anthropic', 'claude', 0, 0, 0, 100, 60, 100, 0, 'none-recorded', x'04')
            """);
        File.WriteAllText(scene["prices.json"], $"{{\"claude\":{{\"input_cost_per_token\":0.001,\"cache_creation_input_token_cost\":0.1{price}}}}}");
        var prices = new PriceList();
        PriceReader.AddPriceFile(prices, scene["prices.json"]);

        var estimate = Estimate.Of(scene.Report(new ReportQuery { By = [Dimension.Model] }), prices);

        estimate.Total!.Value.Dollars.Should().Be((40 * 0.1m) + (60 * (isTwiceTheInput ? 0.002m : 0.00000001m)));
        estimate.Notes.Should().Equal(note is null ? [] : [note]);
    }

    [Fact]
    public void AHomeWithoutAConfigurationIsANote()
    {
        using var scene = Scene();
        var prices = new PriceList();

        PriceReader.AddOpenClaw(prices, scene["nowhere"]);

        prices.Notes.Should().ContainSingle().Which.Should().Contain("not there");
    }

    static string Write(Estimate estimate, int? width = null)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        estimate.WriteTable(output, isMarkdown: false, width);

        return output.ToString();
    }

    static ReportScene Scene()
    {
        var scene = new ReportScene();
        scene.Create();
        scene.Execute("""
            INSERT INTO usage_events (ingest_ts, model_provider, model, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
              total_tokens, cost_total, cost_source, event_key) VALUES
              ('', 'plan', 'gpt', 1000, 200, 4000, 0, 5200, 0, 'none-recorded', x'01'),
              ('', 'local', 'free', 10, 10, 0, 0, 20, NULL, NULL, x'02'),
              ('', 'plan', 'gpt', 500, 0, 0, 0, 500, 1, 'recorded', x'03')
            """);

        return scene;
    }
}
