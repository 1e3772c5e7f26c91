using TokenGovernance.Domain;

namespace TokenGovernance.Sources.Runtimes.ClaudeCode;

/// <summary>Knows which lines of a Claude Code session tell of a model call.</summary>
/// <remarks>
///     A response is written as one line for each block of its content, each with the response's id and usage; a session that was
///     forked repeats the lines as they were. So the call is known by the response's id and that of its request. Messages of the
///     model `&lt;synthetic&gt;` are Claude Code's own.
/// </remarks>
/// <param name="state">What earlier lines said; updated.</param>
sealed class ClaudeWalker(ClaudeState state)
{
    readonly ClaudeLine _line = new();

    /// <summary>Reads the next line of the file.</summary>
    /// <param name="json">The line without white space around it.</param>
    /// <param name="call">The call it tells of, or NULL; of lines that repeat a call, only those with more tokens tell of it again.</param>
    /// <param name="length">Length of its object: another may be glued to it.</param>
    /// <returns>False if it is no JSON object.</returns>
    public bool TryRead(ReadOnlySpan<byte> json, out ClaudeCall? call, out int length)
    {
        (call, length) = (null, json.Length);
        if (!ClaudeLine.MayMatter(json))
        {
            return json is [(byte)'{', .., (byte)'}'];
        }

        if (!_line.TryRead(json, out length))
        {
            return false;
        }

        state.Cwd ??= _line.Cwd;
        if (!_line.IsAssistant || !_line.HasUsage || _line.MessageId is not { } messageId || _line.Model is "<synthetic>")
        {
            return true;
        }

        var tokens = _line.Tokens;
        var identity = $"claude:{messageId}:{_line.RequestId}";
        if (identity == state.LastIdentity && tokens.Total <= state.LastTotal)
        {
            return true;
        }

        (state.LastIdentity, state.LastTotal) = (identity, tokens.Total ?? 0);
        call = new ClaudeCall(
            EventKey.FromCall(identity, turnMs: null), _line.TimestampMs, _line.SessionId, messageId, _line.Model, _line.StopReason, tokens);

        return true;
    }
}
