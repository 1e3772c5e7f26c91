namespace TokenGovernance.Tests.Sources.OpenClaw.Transcripts;

/// <summary>Usage objects of many providers, normalised as OpenClaw does it.</summary>
public sealed class UsageTests : IDisposable
{
    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    public static TheoryData<string, string> Aliases()
    {
        var data = new TheoryData<string, string>();
        Add("input_tokens", "input", "inputTokens", "input_tokens", "promptTokens", "prompt_tokens", "prompt_n", "timings.prompt_n");
        Add("output_tokens", "output", "outputTokens", "output_tokens", "completionTokens", "completion_tokens", "predicted_n", "timings.predicted_n");
        Add("cache_read_tokens", "cacheRead", "cache_read", "cache_read_input_tokens", "cached_input_tokens", "cached", "cached_tokens",
            "input_tokens_details.cached_tokens", "prompt_tokens_details.cached_tokens");
        Add("cache_write_tokens", "cacheWrite", "cache_write", "cache_creation_input_tokens", "cache_write_input_tokens",
            "input_tokens_details.cache_write_tokens", "prompt_tokens_details.cache_write_tokens", "prompt_tokens_details.cache_creation_input_tokens");
        Add("reasoning_tokens", "reasoningTokens", "reasoning_tokens", "completion_tokens_details.reasoning_tokens", "output_tokens_details.reasoning_tokens",
            "output_tokens_details.thinking_tokens");
        Add("total_tokens", "total", "totalTokens", "total_tokens");

        return data;

        void Add(string column, params string[] names) => Array.ForEach(names, name => data.Add(column, name));
    }

    [Theory]
    [MemberData(nameof(Aliases))]
    public void EveryNameOfACountIsKnown(string column, string name) =>
        Read(Object((name, "42"))).Number(column).Should().Be(42);

    [Theory]
    [MemberData(nameof(Aliases))]
    public void TheEarlierNameWinsWhereverItStands(string column, string name)
    {
        var names = Aliases().Where(row => (string)row[0] == column).Select(row => (string)row[1]).ToList();
        var later = names.Skip(names.IndexOf(name)).Select((other, i) => (other, $"{100 + i}")).ToList();

        // Cached tokens that are inside the input are no matter here: no input is given with them.
        Read(Object([.. later])).Number(column).Should().Be(100);
        later.Reverse();
        Read(Object([.. later]), "a2").Number(column).Should().Be(100);
    }

    [Theory]
    [InlineData("prompt_tokens", "cache_read_input_tokens", "prompt_tokens_details.cached_tokens", 60)]
    [InlineData("input", "cacheRead", "cached_tokens", 60)]
    [InlineData("input", "cacheRead", "cached", 100)]
    [InlineData("input_tokens", "cacheRead", "cached", 60)]
    [InlineData("input_tokens", "cacheRead", "cache_read", 100)]
    [InlineData("input_tokens", "cacheWrite", "cache_write_input_tokens", 60)]
    [InlineData("prompt_tokens", "cache_creation_input_tokens", "prompt_tokens_details.cache_write_tokens", 60)]
    [InlineData("input", "cacheWrite", "cache_write_input_tokens", 100)]
    public void OfACountThatIsNamedTwiceAnyNameTellsThatItIsInsideTheInput(string input, string chosen, string other, long left)
    {
        Read(Object((input, "100"), (chosen, "40"), (other, "40"))).Number("input_tokens").Should().Be(left);
        Read(Object((other, "40"), (chosen, "40"), (input, "100")), "a2").Number("input_tokens").Should().Be(left);
        Read(Object((input, "100"), (chosen, "40"), (other, "\"40\"")), "a3").Number("input_tokens").Should().Be(100, "what is no number tells nothing");
    }

    [Theory]
    [InlineData("input", "cached_tokens", 60)]
    [InlineData("input", "input_tokens_details.cached_tokens", 60)]
    [InlineData("input", "prompt_tokens_details.cached_tokens", 60)]
    [InlineData("prompt_tokens", "cached_tokens", 60)]
    [InlineData("prompt_tokens", "prompt_tokens_details.cached_tokens", 60)]
    [InlineData("input_tokens", "cached_input_tokens", 60)]
    [InlineData("inputTokens", "cached", 60)]
    [InlineData("input", "cached_input_tokens", 100)]
    [InlineData("input", "cached", 100)]
    [InlineData("input", "cacheRead", 100)]
    [InlineData("input_tokens", "cache_read", 100)]
    [InlineData("input_tokens", "cache_read_input_tokens", 100)]
    public void CachedTokensInsideTheInputAreTakenOffIt(string input, string cacheRead, long left)
    {
        var row = Read(Object((input, "100"), (cacheRead, "40")));

        (row.Number("input_tokens"), row.Number("cache_read_tokens"), row.Number("total_tokens")).Should().Be((left, 40, left + 40));
    }

    [Theory]
    [InlineData("input_tokens", "cache_write_input_tokens", 60)]
    [InlineData("input_tokens", "input_tokens_details.cache_write_tokens", 60)]
    [InlineData("prompt_tokens", "prompt_tokens_details.cache_write_tokens", 60)]
    [InlineData("prompt_tokens", "prompt_tokens_details.cache_creation_input_tokens", 60)]
    [InlineData("input", "cache_write_input_tokens", 100)]
    [InlineData("input", "input_tokens_details.cache_write_tokens", 100)]
    [InlineData("input_tokens", "cache_creation_input_tokens", 100)]
    [InlineData("input_tokens", "cacheWrite", 100)]
    public void CacheWritesInsideTheInputAreTakenOffIt(string input, string cacheWrite, long left)
    {
        var row = Read(Object((input, "100"), (cacheWrite, "40")));

        (row.Number("input_tokens"), row.Number("cache_write_tokens")).Should().Be((left, 40));
    }

    [Fact]
    public void MoreCachedThanThereIsInputLeavesZero() =>
        Read(Object(("prompt_tokens", "10"), ("cached_tokens", "40"))).Number("input_tokens").Should().Be(0);

    [Theory]
    [InlineData("-5", 0L)]
    [InlineData("0", 0L)]
    [InlineData("-0.0", 0L)]
    [InlineData("0.9", 0L)]
    [InlineData("12.99", 12L)]
    [InlineData("1e3", 1000L)]
    [InlineData("9007199254740993", 9007199254740991L)]
    [InlineData("1e300", 9007199254740991L)]
    [InlineData("1e999", null)]
    [InlineData("\"12\"", null)]
    [InlineData("null", null)]
    [InlineData("true", null)]
    [InlineData("[1]", null)]
    [InlineData("{\"a\":1}", null)]
    public void ACountIsAFiniteNumberTruncatedAndNeverNegative(string json, long? count)
    {
        var row = Read($"{{\"input\":{json},\"output\":1,\"cost\":{{\"total\":0.5}}}}");

        row.Number("input_tokens").Should().Be(count);
        row.Number("output_tokens").Should().Be(1);
        row["cost_total"].Should().Be(0.5);
    }

    [Fact]
    public void NotANumberIsNoJsonAndThereforeABadLine()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1", usage: """{"input":NaN}"""), Some.Answer("a2"));

        var pass = _scene.Collect();

        (pass.BadLines, pass.Stored.Added).Should().Be((1, 1));
    }

    [Fact]
    public void ATotalIsTakenAsRecordedElseItIsTheSum()
    {
        Read("""{"input":1,"output":2,"cacheRead":3,"cacheWrite":4,"totalTokens":99}""").Number("total_tokens").Should().Be(99);
        Read("""{"input":1,"output":2,"cacheRead":3,"cacheWrite":4}""", "a2").Number("total_tokens").Should().Be(10);
        Read("""{"output":2}""", "a3").Number("total_tokens").Should().Be(2);
    }

    [Fact]
    public void NothingSaidIsNullAndNotZero()
    {
        var row = Read("{}");

        string[] columns = ["input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "total_tokens", "reasoning_tokens", "cost_total"];
        columns.Should().OnlyContain(column => row[column] == null);
        row.Text("cost_source").Should().Be("not-measured");
    }

    [Fact]
    public void TheLastOfTwoEqualNamesCounts() => Read("""{"input":1,"input":2}""").Number("input_tokens").Should().Be(2);

    [Fact]
    public void NamesNobodyKnowsAreSkipped()
    {
        var unknown = new string('x', 5000);
        var row = Read($$"""{"{{unknown}}":{"input":7},"foo_details":{"cached_tokens":7},"iterations":[{"input":7}],"\u0069nputs":7,"output":1}""");

        row.Show("input_tokens", "output_tokens", "cache_read_tokens").Should()
            .Equal("input_tokens=NULL", "output_tokens=1", "cache_read_tokens=NULL");
    }

    Row Read(string usage, string id = "a1")
    {
        _scene.Home.Log($"{id}.jsonl", Some.Answer(id, usage: usage));
        _scene.Collect();

        return _scene.Events.Single(row => row.Text("entry_id") == id);
    }

    /// <summary>A usage object; `a.b` becomes an object `a` with a `b`.</summary>
    static string Object(params (string Name, string Value)[] fields)
    {
        var parts = fields.GroupBy(field => field.Name.Split('.')[0]).Select(group => group.First().Name.Contains('.')
            ? $"\"{group.Key}\":{{{string.Join(',', group.Select(f => $"\"{f.Name.Split('.')[1]}\":{f.Value}"))}}}"
            : $"\"{group.Key}\":{group.First().Value}");

        return $"{{{string.Join(',', parts)}}}";
    }
}
