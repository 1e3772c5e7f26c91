using System.CommandLine;
using TokenGovernance.Benchmarks.Budgets;
using TokenGovernance.Benchmarks.Corpora;
using TokenGovernance.Benchmarks.Curves;
using TokenGovernance.Benchmarks.Fleets;
using TokenGovernance.Benchmarks.Large;
using TokenGovernance.Benchmarks.Latency;
using TokenGovernance.Benchmarks.Limits;
using TokenGovernance.Benchmarks.Parts;
using TokenGovernance.Benchmarks.Passes;

var root = new RootCommand("Measures what token-governance costs: whole processes against their budgets, and the inner parts of the hot path.")
{
    BudgetsCommand.Create(),
    AgedCommand.Create(),
    CorpusCommand.Create(),
    CurvesCommand.Create(),
    FleetCommand.Create(),
    LargeCommand.Create(),
    LatencyCommand.Create(),
    LimitsCommand.Create(),
    PartsCommand.Create(),
    PassesCommand.Create(),
};

return await root.Parse(args).InvokeAsync();
