using TokenGovernance.Domain;

namespace TokenGovernance.Sources.OpenClaw.Entries;

/// <summary>What the row of a turn says that another runtime carried out: which turn it was, and whether the row sums it up.</summary>
/// <param name="Runtime">The runtime.</param>
/// <param name="Scope">A turn's account, or a part of it.</param>
/// <param name="Turn">The turn, where the row names it.</param>
/// <param name="RunId">OpenClaw's run, where the key names it.</param>
sealed record MirroredRow(string Runtime, EventScope Scope, RuntimeTurn? Turn, string? RunId)
{
    const string CliKey = "cli-assistant:";

    /// <summary>Returns NULL for a row of OpenClaw's own.</summary>
    /// <param name="key">
    ///     The message's idempotency key: `codex-app-server:&lt;thread&gt;:&lt;turn&gt;:assistant` sums up a turn, `…:tool:&lt;item&gt;:call`
    ///     is one of its tool calls; `cli-assistant:&lt;run&gt;` is the answer of a program on the command line.
    /// </param>
    /// <param name="api">The message's API.</param>
    /// <param name="provider">Its provider.</param>
    /// <param name="model">Its model.</param>
    /// <param name="anyUsed">It says that tokens were used.</param>
    public static MirroredRow? Find(string? key, string? api, string? provider, string? model, bool anyUsed)
    {
        if (key?.Split(':', 4) is ["codex-app-server", { Length: > 0 } thread, { Length: > 0 } turn, { Length: > 0 } rest])
        {
            var isPart = !anyUsed && rest.StartsWith("tool:", StringComparison.Ordinal);

            return new MirroredRow(
                RuntimeName.Codex, isPart ? EventScope.Part : EventScope.Turn, new RuntimeTurn(thread, turn), RunId: null);
        }

        if (api is "cli")
        {
            var runId = key?.StartsWith(CliKey, StringComparison.Ordinal) == true ? key[CliKey.Length..] : null;

            // Such a program names no turns: OpenClaw's run stands for the turn.
            return new MirroredRow(
                RuntimeName.OfCli(provider), EventScope.Turn, runId is null ? null : new RuntimeTurn(ThreadId: null, runId), runId);
        }

        return provider is "openclaw" && model is "acp-runtime" ? new MirroredRow(RuntimeName.Acp, EventScope.Turn, Turn: null, RunId: null) : null;
    }
}
