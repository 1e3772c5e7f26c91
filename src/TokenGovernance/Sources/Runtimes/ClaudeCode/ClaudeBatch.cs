using TokenGovernance.Domain;

namespace TokenGovernance.Sources.Runtimes.ClaudeCode;

/// <summary>Collects the calls among the lines of one file of Claude Code.</summary>
/// <param name="state">What earlier lines said; updated.</param>
/// <param name="file">The file.</param>
sealed class ClaudeBatch(ClaudeState state, ClaudeFile file) : RuntimeBatch(file.Path)
{
    /// <summary>OpenClaw's name for the provider.</summary>
    const string Provider = "claude-cli";

    readonly ClaudeWalker _walker = new(state);

    public override void Add(ReadOnlySpan<byte> line, long lineNo)
    {
        while (!line.IsEmpty)
        {
            if (!_walker.TryRead(line, out var call, out var length))
            {
                AddBad(lineNo);

                return;
            }

            if (call is { } found && file.IsOfAgent(state.Cwd))
            {
                Add(ToEvent(found, lineNo));
            }

            line = line[length..].TrimStart(" \t\r\n"u8);
        }
    }

    UsageEvent ToEvent(in ClaudeCall call, long lineNo) => new()
    {
        Key = call.Key,
        Session = file.Owner,
        EventMs = call.TimestampMs,
        ModelProvider = Provider,
        Model = call.Model,
        StopReason = call.StopReason,
        ResponseId = call.MessageId,
        Runtime = RuntimeName.ClaudeCode,
        Turn = new RuntimeTurn(call.ThreadId ?? file.ThreadId, TurnId: null),
        Tokens = call.Tokens,
        SourceFile = SourceFile,
        SourceLineNo = lineNo,
    };
}
