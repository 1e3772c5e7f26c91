namespace TokenGovernance.Tests.Sources.OpenClaw.Transcripts;

/// <summary>Costs are kept as OpenClaw recorded them, with a word on what they are worth.</summary>
public sealed class CostTests : IDisposable
{
    const string Used = "\"input\":100,\"output\":20";

    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void PartsAndTotalAreKeptToTheLastDigit()
    {
        var row = Read("""
            "input":1101,"cost":{"input":0.003303,"output":0.0008550000000000001,"cacheRead":6.51e-05,"cacheWrite":0,"total":0.0042231000000000005}
            """);

        new[] { "cost_input", "cost_output", "cost_cache_read", "cost_cache_write", "cost_total" }.Select(column => row[column]).Should()
            .Equal(0.003303, 0.0008550000000000001, 6.51e-05, 0.0, 0.0042231000000000005);
        row.Text("cost_source").Should().Be("recorded");
    }

    [Theory]
    [InlineData("\"total\":0.5", "recorded")]
    [InlineData("\"total\":0,\"output\":0.5", "recorded")]
    [InlineData("\"total\":0,\"totalOrigin\":\"provider-billed\"", "provider-billed")]
    [InlineData("\"total\":0.5,\"totalOrigin\":\"provider-billed\"", "provider-billed")]
    [InlineData("\"total\":0.5,\"totalOrigin\":\"computed\"", "recorded")]
    [InlineData("\"total\":0", "none-recorded")]
    [InlineData("\"input\":0,\"output\":0,\"cacheRead\":0,\"cacheWrite\":0,\"total\":0", "none-recorded")]
    public void ItsSourceSaysWhatACostIsWorth(string cost, string source)
    {
        var row = Read($"{Used},\"cost\":{{{cost}}}");

        row.Text("cost_source").Should().Be(source);
        row["cost_total"].Should().NotBeNull();
    }

    [Theory]
    [InlineData("error")]
    [InlineData("aborted")]
    public void AZeroOfACallThatFailedIsRecorded(string stopReason) =>
        Read("\"input\":0,\"output\":0,\"cost\":{\"total\":0}", stopReason).Show("total_tokens", "cost_total", "cost_source").Should()
            .Equal("total_tokens=0", "cost_total=0", "cost_source=recorded");

    [Theory]
    [InlineData("\"input\":0,\"output\":0,\"cost\":{\"input\":0,\"total\":0}", "toolUse")]
    [InlineData("\"input\":0,\"output\":0,\"totalTokens\":0", "stop")]
    [InlineData("\"input\":0,\"cost\":{\"total\":-1}", "stop")]
    [InlineData("", "length")]
    [InlineData("\"input\":-5,\"reasoningTokens\":0", null)]
    public void AnAnswerWithoutTokensAndCostWasNotMeasured(string fields, string? stopReason)
    {
        var row = Read(fields, stopReason);

        row.Columns.Where(column => column.EndsWith("_tokens", StringComparison.Ordinal) || (column.StartsWith("cost_", StringComparison.Ordinal) && column != "cost_source"))
            .Should().HaveCount(12).And.OnlyContain(column => row[column] == null);
        row.Text("cost_source").Should().Be("not-measured");
    }

    [Theory]
    [InlineData("\"output\":1", null)]
    [InlineData("\"input\":0,\"reasoningTokens\":7", null)]
    [InlineData("\"input\":0,\"cost\":{\"total\":0.5}", "recorded")]
    [InlineData("\"input\":0,\"cost\":{\"output\":0.5,\"total\":0}", "recorded")]
    [InlineData("\"input\":0,\"cost\":{\"total\":0,\"totalOrigin\":\"provider-billed\"}", "provider-billed")]
    public void AnyTokenOrCostIsAMeasurement(string fields, string? source) => Read(fields).Text("cost_source").Should().Be(source);

    [Theory]
    [InlineData("")]
    [InlineData(",\"cost\":null")]
    [InlineData(",\"cost\":0.5")]
    [InlineData(",\"cost\":\"0.5\"")]
    [InlineData(",\"cost\":[0.5]")]
    [InlineData(",\"cost\":{}")]
    [InlineData(",\"cost\":{\"input\":0.5}")]
    [InlineData(",\"cost\":{\"total\":\"0.5\"}")]
    [InlineData(",\"cost\":{\"total\":null}")]
    [InlineData(",\"cost\":{\"total\":-0.5}")]
    [InlineData(",\"cost\":{\"total\":1e999}")]
    public void WithoutATotalThereIsNoCost(string cost)
    {
        var row = Read(Used + cost);

        new[] { "cost_input", "cost_output", "cost_cache_read", "cost_cache_write", "cost_total", "cost_source" }
            .Should().OnlyContain(column => row[column] == null);
        row.Number("input_tokens").Should().Be(100);
    }

    [Fact]
    public void APartThatIsNoNumberIsUnknown()
    {
        var row = Read("""
            "input":100,"cost":{"input":"x","output":null,"cacheRead":{"a":1},"total":0.5}
            """);

        row.Show("cost_input", "cost_output", "cost_cache_read", "cost_total").Should()
            .Equal("cost_input=NULL", "cost_output=NULL", "cost_cache_read=NULL", "cost_total=0.5");
    }

    Row Read(string fields, string? stopReason = "stop")
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1", usage: $"{{{fields}}}", about: stopReason is null ? "" : $"\"stopReason\":\"{stopReason}\""));
        _scene.Collect();

        return _scene.Event;
    }
}
