using System.Globalization;
using TokenGovernance.Domain;

namespace TokenGovernance.Tests.Proof;

/// <summary>What the text of an entry says.</summary>
abstract record Written;

/// <summary>A model response.</summary>
sealed record Answer(string Id, long Ms, long Input, long Output, double Cost, string? Model) : Written;

sealed record Header(string Session, long Ms, bool IsFork) : Written;

sealed record ModelChange(string Model) : Written;

/// <summary>Writes entries, each with its own id, time, tokens and cost, and remembers by its text what each says.</summary>
sealed class TranscriptWriter
{
    const long FirstMs = 1_795_290_000_000;

    readonly Dictionary<string, Written> _written = new(StringComparer.Ordinal);
    int _serial;

    /// <summary>What an entry says; NULL if nobody wrote this text, as of a torn line.</summary>
    public Written? Find(string text) => _written.GetValueOrDefault(text);

    /// <summary>The entries on a line: a writer that is killed before a newline appends to the same line. What nobody wrote ends it.</summary>
    public IEnumerable<string> Split(string line)
    {
        for (var start = 0; start < line.Length;)
        {
            var end = line.IndexOf('}', start) + 1;
            while (end > 0 && Find(line[start..end]) is null)
            {
                end = line.IndexOf('}', end) + 1;
            }

            yield return end > 0 ? line[start..end] : line[start..];

            start = end > 0 ? end : line.Length;
        }
    }

    /// <summary>A time after all that was written so far.</summary>
    public long NextMs() => FirstMs + ++_serial * 1001L;

    public string Header(string session, bool isFork = false)
    {
        var ms = NextMs();
        var parent = isFork ? ",\"parentSession\":\"/somewhere/p.jsonl\"" : "";

        return Note(
            $$"""{"type":"session","version":3,"id":"{{session}}","timestamp":"{{UtcTime.Format(ms)}}","cwd":"/w"{{parent}}}""",
            new Header(session, ms, isFork));
    }

    /// <summary>A response; its text has characters of one to four bytes.</summary>
    /// <param name="namesModel">It names its model; else the last change of model does.</param>
    /// <param name="padding">Makes it longer by so many characters.</param>
    public string Answer(bool namesModel = true, int padding = 0)
    {
        var ms = NextMs();
        var number = _serial;
        var id = $"e{number:x7}";
        var cost = number * 0.0001;
        var model = namesModel ? $"m{number % 3}" : null;
        var about = model is null ? "" : $"\"provider\":\"p\",\"model\":\"{model}\",";
        var text = $"äß €𝄞 \\n{new string('x', padding)}";

        return Note(
            string.Create(CultureInfo.InvariantCulture, $$"""
                {"type":"message","id":"{{id}}","timestamp":"{{UtcTime.Format(ms)}}","message":{"role":"assistant",{{about}}
                "content":[{"type":"text","text":"{{text}}"}],"api":"x","stopReason":"stop","timestamp":{{ms}},
                "usage":{"input":{{number * 7}},"output":{{number}},"cost":{"total":{{cost}} } } } }
                """).ReplaceLineEndings(""),
            new Answer(id, ms, number * 7, number, cost, model));
    }

    /// <summary>A response with the same time and as many bytes as another one, and an id of its own.</summary>
    public string Twin(string text, Answer of)
    {
        var id = $"f{++_serial:x7}";

        return Note(text.Replace($"\"{of.Id}\"", $"\"{id}\"", StringComparison.Ordinal), of with { Id = id });
    }

    public string ModelChange()
    {
        var model = $"c{++_serial}";

        return Note(
            $$"""{"type":"model_change","id":"c{{_serial}}","timestamp":"2026-11-21T10:00:00.000Z","provider":"p","modelId":"{{model}}"}""",
            new ModelChange(model));
    }

    /// <summary>An entry that counts for nothing though it names usage.</summary>
    /// <param name="padding">Makes it longer by so many characters.</param>
    public string Question(int padding = 0) =>
        $$"""{"type":"message","id":"q{{++_serial}}","message":{"role":"user","content":"what is \"usage\"? ö{{new string('x', padding)}}"} }""";

    string Note(string text, Written written)
    {
        _written.Add(text, written);

        return text;
    }
}
