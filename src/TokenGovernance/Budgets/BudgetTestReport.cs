using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Text;

namespace TokenGovernance.Budgets;

/// <summary>What became of test messages.</summary>
static class BudgetTestReport
{
    public static void Write(TextWriter output, IReadOnlyList<(string To, string? Error)> results, bool asJson)
    {
        if (asJson)
        {
            var report = new TestResults([.. results.Select(result => new TestResult(result.To, result.Error is null, result.Error))]);
            output.WriteLine(JsonSerializer.Serialize(report, TestResultJson.Default.TestResults));

            return;
        }

        foreach (var (to, error) in results)
        {
            output.WriteLine(PrintableText.Of(error is null ? $"ok  {to}: delivered" : $"!!  {to}: {error}"));
        }
    }
}

/// <summary>The JSON of `budget test --json`. Fields may be added, never renamed.</summary>
sealed record TestResults(IReadOnlyList<TestResult> Destinations);

sealed record TestResult(string Name, bool Delivered, string? Error);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TestResults))]
sealed partial class TestResultJson : JsonSerializerContext;
