using System.Globalization;
using System.Text;
using TokenGovernance.Benchmarks.Corpora;

namespace TokenGovernance.Benchmarks.Passes;

/// <summary>A home of one agent with many short sessions, to which responses can be added.</summary>
abstract class ManySessions(string folder, int sessions) : IDisposable
{
    long _responses;

    /// <summary>The state directory.</summary>
    public string Folder { get; } = folder;

    public int Sessions { get; } = sessions;

    /// <summary>Responses in it, and the sum of their tokens: what a store must say.</summary>
    public (long Events, long Tokens) Expected { get; private set; }

    /// <summary>Where Claude Code keeps its sessions; NULL if those are not read.</summary>
    public virtual string? ClaudeProjects => null;

    /// <param name="kind">rollouts, claude, jsonl, index (JSONL with an index that every response replaces), sqlite, or sqlite-full (flushed at each commit).</param>
    /// <param name="folder">The state directory.</param>
    /// <param name="sessions">How many.</param>
    public static ManySessions Make(string kind, string folder, int sessions) => kind switch
    {
        "jsonl" => new ManyTranscripts(folder, sessions, entryBytes: 0),
        "index" => new ManyTranscripts(folder, sessions, entryBytes: 13_000),
        "sqlite" => new ManyRows(folder, sessions, isFlushed: false),
        "sqlite-full" => new ManyRows(folder, sessions, isFlushed: true),
        "rollouts" => new ManyRollouts(folder, sessions),
        "claude" => new ManyClaudeFiles(folder, sessions),
        _ => throw new ArgumentException($"there is no kind of home called {kind}", nameof(kind)),
    };

    public abstract void Write();

    /// <summary>Adds a response to a session, as OpenClaw does.</summary>
    public abstract void AddResponse(int session);

    public abstract void Dispose();

    protected static string IdOf(int session) => $"5e55{session:x4}-0000-4000-8000-{session:x12}";

    protected static string KeyOf(int session) => $"agent:main:telegram:direct:{session}";

    protected static string Header(int session) =>
        $$"""{"type":"session","version":3,"id":"{{IdOf(session)}}","timestamp":"{{Clock.Iso(Clock.StartMs)}}","cwd":"/srv"}""";

    /// <summary>There is one more response.</summary>
    protected void AddExpected(long tokens) => Expected = (Expected.Events + 1, Expected.Tokens + tokens);

    /// <summary>The JSON of one more response.</summary>
    protected string NextResponse()
    {
        var ms = Clock.StartMs + 1_000 + _responses;
        var number = (++_responses).ToString("x8", CultureInfo.InvariantCulture);
        AddExpected(1_375);

        return $$$"""
            {"type":"message","id":"{{{number}}}","parentId":null,"timestamp":"{{{Clock.Iso(ms)}}}","message":{"role":"assistant","content":[{"type":"text","text":"ok"}],"api":"openai-responses","provider":"openai","model":"gpt-5","usage":{"input":1101,"output":57,"cacheRead":217,"cacheWrite":0,"totalTokens":1375},"stopReason":"stop","timestamp":{{{ms}}}}}
            """;
    }
}

/// <summary>One file a session, and an index that is replaced at every response.</summary>
/// <param name="folder">The state directory.</param>
/// <param name="sessions">How many.</param>
/// <param name="entryBytes">Size of a session's entry in the index; 0 makes no index.</param>
sealed class ManyTranscripts(string folder, int sessions, int entryBytes) : ManySessions(folder, sessions)
{
    string SessionFolder => Path.Combine(Folder, "agents", "main", "sessions");

    public override void Write()
    {
        Directory.CreateDirectory(SessionFolder);
        for (var session = 0; session < Sessions; session++)
        {
            File.WriteAllText(PathOf(session), $"{Header(session)}\n{NextResponse()}\n");
        }

        ReplaceIndex();
    }

    public override void AddResponse(int session)
    {
        File.AppendAllText(PathOf(session), NextResponse() + "\n");
        ReplaceIndex();
    }

    public override void Dispose()
    {
    }

    string PathOf(int session) => Path.Combine(SessionFolder, IdOf(session) + ".jsonl");

    void ReplaceIndex()
    {
        if (entryBytes == 0)
        {
            return;
        }

        var prompt = new string('x', Math.Max(0, entryBytes - 300));
        var path = Path.Combine(SessionFolder, "sessions.json");
        using (var text = new StreamWriter(path + ".tmp", append: false, new UTF8Encoding(false), 1 << 20))
        {
            text.Write("{");
            for (var session = 0; session < Sessions; session++)
            {
                text.Write(session == 0 ? "\n" : ",\n");
                text.Write($$$"""
                      "{{{KeyOf(session)}}}":{"sessionId":"{{{IdOf(session)}}}","updatedAt":{{{Clock.EndMs}}},"sessionFile":"{{{PathOf(session)}}}","lastChannel":"telegram","chatType":"direct","skillsSnapshot":{"prompt":"{{{prompt}}}"}}
                    """);
            }

            text.Write("\n}\n");
        }

        File.Move(path + ".tmp", path, overwrite: true);
    }
}
