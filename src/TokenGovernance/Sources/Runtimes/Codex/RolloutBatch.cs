using TokenGovernance.Domain;

namespace TokenGovernance.Sources.Runtimes.Codex;

/// <summary>Collects the calls among the lines of one rollout.</summary>
/// <param name="state">What earlier lines said; updated.</param>
/// <param name="session">The agent, without a session: which it was, transcripts tell.</param>
/// <param name="sourceFile">The rollout.</param>
sealed class RolloutBatch(RolloutState state, SessionIdentity session, string sourceFile) : RuntimeBatch(sourceFile)
{
    readonly RolloutWalker _walker = new(state);

    /// <summary>Where a line begins that was appended to one without a newline; never inside of a JSON string, nor of an object.</summary>
    static ReadOnlySpan<byte> Seam => "}{\"timestamp\""u8;

    public override void Add(ReadOnlySpan<byte> line, long lineNo)
    {
        while (line.IndexOf(Seam) is >= 0 and var seam)
        {
            AddObject(line[..(seam + 1)], lineNo);
            line = line[(seam + 1)..];
        }

        AddObject(line, lineNo);
    }

    void AddObject(ReadOnlySpan<byte> json, long lineNo)
    {
        if (json is not [(byte)'{', .., (byte)'}'] || !_walker.TryRead(json, out var call))
        {
            AddBad(lineNo);
        }
        else if (call is { } found)
        {
            Add(ToEvent(found, lineNo));
        }
    }

    UsageEvent ToEvent(in RolloutCall call, long lineNo) => new()
    {
        Key = call.Key,
        Session = session,
        EventMs = call.TimestampMs,
        ModelProvider = call.Provider,
        Model = call.Model,
        ResponseId = call.ResponseId,
        Runtime = RuntimeName.Codex,
        Turn = new RuntimeTurn(call.ThreadId, call.TurnId) { RootThreadId = call.RootThreadId, RootTurnId = call.RootTurnId },
        Tokens = call.Tokens,
        SourceFile = SourceFile,
        SourceLineNo = lineNo,
    };
}
