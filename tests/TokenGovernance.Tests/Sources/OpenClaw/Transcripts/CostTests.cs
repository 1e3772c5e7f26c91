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

    [Fact]
    public void AZeroForNothingUsedIsRecorded() =>
        Read("\"input\":0,\"output\":0,\"cost\":{\"total\":0}").Text("cost_source").Should().Be("recorded");

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

    Row Read(string fields)
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1", usage: $"{{{fields}}}"));
        _scene.Collect();

        return _scene.Event;
    }
}
