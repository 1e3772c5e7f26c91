using TokenGovernance.Domain;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.Runtimes.Codex;

/// <summary>Collects the calls among the lines of one rollout.</summary>
/// <param name="state">What earlier lines said; updated.</param>
/// <param name="session">The agent, without a session: which it was, transcripts tell.</param>
/// <param name="sourceFile">The rollout.</param>
sealed class RolloutBatch(RolloutState state, SessionIdentity session, string sourceFile) : RuntimeBatch(sourceFile)
{
    readonly RolloutWalker _walker = new(state);

    /// <summary>How Codex begins every line.</summary>
    static ReadOnlySpan<byte> Beginning => "{\"timestamp\""u8;

    /// <remarks>
    ///     A Codex that was killed leaves a line without its newline, or half a line; the next one appends to it. In a JSON string the
    ///     beginning of a line cannot stand as it is, but an object within a line may begin the same way: what is whole is not cut.
    /// </remarks>
    public override void Add(ReadOnlySpan<byte> line, long lineNo)
    {
        var isRead = true;
        if (FindNext(line) is not null && JsonObjects.FirstLength(line) != line.Length)
        {
            while (FindNext(line) is { } next)
            {
                isRead &= TryAddObject(line[..next], lineNo);
                line = line[next..];
            }
        }

        isRead &= TryAddObject(line, lineNo);
        if (!isRead)
        {
            AddBad(lineNo);
        }
    }

    static int? FindNext(ReadOnlySpan<byte> line) => line.Length > 1 && line[1..].IndexOf(Beginning) is >= 0 and var at ? at + 1 : null;

    bool TryAddObject(ReadOnlySpan<byte> json, long lineNo)
    {
        if (json is not [(byte)'{', .., (byte)'}'] || !_walker.TryRead(json, out var call))
        {
            return false;
        }

        if (call is { } found)
        {
            Add(ToEvent(found, lineNo));
        }

        return true;
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
        Cost = call.IsPlanPaid ? Cost.PlanPaid : Cost.Unknown,
        SourceFile = SourceFile,
        SourceLineNo = lineNo,
    };
}
