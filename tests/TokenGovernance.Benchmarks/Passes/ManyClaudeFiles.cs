using TokenGovernance.Benchmarks.Corpora;

namespace TokenGovernance.Benchmarks.Passes;

/// <summary>One file of Claude Code a session, all in the folder of an agent's workspace, every tenth with a folder of subagents.</summary>
/// <param name="folder">The state directory.</param>
/// <param name="sessions">How many.</param>
sealed class ManyClaudeFiles(string folder, int sessions) : ManySessions(folder, sessions)
{
    string Workspace => Path.Combine(Folder, "workspace");

    public override string ClaudeProjects => Path.Combine(Path.GetDirectoryName(Folder)!, "claude");

    string Project => Path.Combine(ClaudeProjects, string.Concat(Workspace.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')));

    public override void Write()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "agents", "main"));
        for (var session = 0; session < Sessions; session++)
        {
            Directory.CreateDirectory(Path.Combine(Project, session % 10 == 0 ? Path.Combine(IdOf(session), "subagents") : ""));
            AddResponse(session);
        }
    }

    public override void AddResponse(int session)
    {
        AddExpected(1_375);
        File.AppendAllText(Path.Combine(Project, IdOf(session) + ".jsonl"), $$$"""
            {"type":"assistant","timestamp":"{{{Clock.Iso(Clock.StartMs + Expected.Events)}}}","requestId":"r{{{Expected.Events}}}","cwd":"{{{Workspace}}}","sessionId":"{{{IdOf(session)}}}","message":{"id":"m{{{Expected.Events}}}","model":"claude-x","usage":{"input_tokens":1101,"cache_read_input_tokens":217,"cache_creation_input_tokens":0,"output_tokens":57} } }

            """);
    }

    public override void Dispose()
    {
    }
}
