using System.CommandLine;
using System.Text.Json;

namespace TokenGovernance.Benchmarks.Corpora;

/// <summary>`corpus`: writes a home of invented content and prints what a reader must find in it.</summary>
static class CorpusCommand
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create()
    {
        var size = new CorpusSize.Options();
        var target = new Option<DirectoryInfo>("--out") { Description = "Folder that becomes the home.", Required = true };
        var sqlite = new Option<bool>("--sqlite") { Description = "As a home of the SQLite era, rows compressed; else as JSONL." };
        var command = new Command("corpus", "Write a home of invented content and print its exact totals.") { target, sqlite };
        size.AddTo(command);
        command.SetAction(parse =>
        {
            var corpus = new Corpus(size.Read(parse));
            var folder = parse.GetRequiredValue(target).FullName;
            if (Directory.Exists(Path.Combine(folder, "agents")))
            {
                Console.Error.WriteLine("error: there is a home already");

                return 1;
            }

            var bytes = parse.GetValue(sqlite) ? new SqliteHome(corpus, folder).Write() : new JsonlHome(corpus, folder).Write();
            Console.WriteLine(JsonSerializer.Serialize(new { bytes, expected = corpus.Expected }, Indented));

            return 0;
        });

        return command;
    }
}
