using System.CommandLine;

namespace TokenGovernance.Benchmarks.Budgets;

/// <summary>`aged`: makes a store with years of history of another one.</summary>
static class AgedCommand
{
    public static Command Create()
    {
        var store = new Argument<FileInfo>("store") { Description = "A store that was collected from a corpus." };
        var copy = new Argument<FileInfo>("copy") { Description = "The store to make." };
        var years = new Option<int>("--years") { Description = "Years of history: each has as many responses as the store.", DefaultValueFactory = _ => 50 };
        var command = new Command("aged", "Make a store with years of history of a store: 50 years of 200,000 responses are 10 million.") { store, copy, years };
        command.SetAction(parse => Console.WriteLine($"{AgedStore.Create(
            parse.GetRequiredValue(store).FullName, parse.GetRequiredValue(copy).FullName, parse.GetValue(years)):N0} events"));

        return command;
    }
}
