using System.CommandLine;

namespace TokenGovernance.Benchmarks.Corpora;

/// <summary>How large a corpus is. Equal sizes and seeds make equal corpora.</summary>
/// <param name="Events">Model responses.</param>
/// <param name="TextBytes">About the mean length of one tool result, in characters.</param>
sealed record CorpusSize(int Events, int Sessions, int Agents, int TextBytes, int Seed)
{
    /// <summary>The corpus that the budgets are about: 945 MB of JSONL.</summary>
    public static readonly CorpusSize Reference = new(200_000, 2_000, 6, 3_300, 12);

    /// <summary>The same kind of corpus with a tenth of the sessions, each as long as before.</summary>
    public CorpusSize ToTenth() => this with { Events = Math.Max(1, Events / 10), Sessions = Math.Max(1, Sessions / 10) };

    /// <summary>The options that name a size.</summary>
    public sealed class Options
    {
        readonly Option<int> _events = Number("--events", "Model responses.", Reference.Events);
        readonly Option<int> _sessions = Number("--sessions", "Sessions; one in ten is an archive.", Reference.Sessions);
        readonly Option<int> _agents = Number("--agents", "Agents.", Reference.Agents);
        readonly Option<int> _textBytes = Number("--text-bytes", "About the mean length of a tool result, in characters.", Reference.TextBytes);
        readonly Option<int> _seed = Number("--seed", "Another seed makes another corpus of the same kind.", Reference.Seed);

        public void AddTo(Command command) =>
            Array.ForEach([_events, _sessions, _agents, _textBytes, _seed], command.Options.Add);

        public CorpusSize Read(ParseResult parse) => new(
            parse.GetValue(_events), parse.GetValue(_sessions), parse.GetValue(_agents), parse.GetValue(_textBytes), parse.GetValue(_seed));

        static Option<int> Number(string name, string description, int value)
        {
            var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
            option.Validators.Add(result =>
            {
                if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out var number) && number < 1)
                {
                    result.AddError($"{name} must be at least 1.");
                }
            });

            return option;
        }
    }
}
