using System.Globalization;
using TokenGovernance.Domain;

namespace TokenGovernance.Tests.Proof;

/// <summary>One call that a simulated Codex really made.</summary>
/// <param name="Thread">The thread that made it.</param>
/// <param name="Turn">Its turn.</param>
/// <param name="RootTurn">The turn that a subagent worked for, where a rollout says so.</param>
/// <param name="Response">The provider's id, where a rollout says it.</param>
/// <param name="Ms">When it was written.</param>
/// <param name="Model">What the lines before it say of the model.</param>
/// <param name="Used">Its tokens.</param>
/// <param name="IsWritten">False of a remote compaction that an older Codex made: nothing on disk tells of it.</param>
sealed record SimulatedCall(
    string Thread, string Turn, string? RootTurn, string? Response, long Ms, string? Model, SimulatedUsage Used, bool IsWritten);

/// <summary>Tokens as Codex counts them.</summary>
readonly record struct SimulatedUsage(long Input, long Cached, long CacheWrite, long Output, long Reasoning)
{
    public long Total => Input + Output;

    public static SimulatedUsage operator +(SimulatedUsage a, SimulatedUsage b) =>
        new(a.Input + b.Input, a.Cached + b.Cached, a.CacheWrite + b.CacheWrite, a.Output + b.Output, a.Reasoning + b.Reasoning);

    public override string ToString() => $$"""
        {"input_tokens":{{Input}},"cached_input_tokens":{{Cached}},"cache_write_input_tokens":{{CacheWrite}},"output_tokens":{{Output}},"reasoning_output_tokens":{{Reasoning}},"total_tokens":{{Total}}}
        """.Trim();
}

/// <summary>A line of a rollout.</summary>
/// <param name="Text">The line as it was written, without its time at the front.</param>
/// <param name="Kind">What it tells.</param>
readonly record struct SimulatedLine(string Text, SimulatedLineKind Kind)
{
    /// <summary>The whole line, written at a time.</summary>
    public string At(long ms) => $"{{\"timestamp\":\"{UtcTime.Format(ms)}\",{Text}}}";
}

enum SimulatedLineKind
{
    Meta,
    Turn,
    Usage,

    /// <summary>Nothing that counts: prompts, answers, what nobody knows.</summary>
    Other,
}

/// <summary>Writes rollouts as Codex does, each version in its way, and keeps the account of the calls it made: what must come out.</summary>
/// <remarks>
///     It shares no code with the reader. Versions before 0.15x write counts only and copy a parent's lines into forks and subagents, with
///     new times; later ones write a record for each call, and copy no usage.
/// </remarks>
sealed class SimulatedCodex
{
    static readonly string[] Versions = ["0.144.0", "0.154.0", "0.169.0"];

    long _ms = Some.Ms("08:00");
    int _ids;

    public List<SimulatedThread> Threads { get; } = [];

    public List<SimulatedCall> Calls { get; } = [];

    /// <summary>Begins a thread that OpenClaw talks to.</summary>
    public SimulatedThread Begin(Random random)
    {
        var version = Versions[random.Next(Versions.Length)];
        var thread = new SimulatedThread(this, NextId(isUuid: random.Next(12) != 0), version) { IsPlanPaid = random.Next(2) == 0 };
        thread.WriteMeta(thread.MetaOf(""));
        Threads.Add(thread);

        return thread;
    }

    /// <summary>Forks a thread: the user goes on from its history in another one.</summary>
    public SimulatedThread Fork(SimulatedThread parent, Random random)
    {
        var fork = new SimulatedThread(this, NextId(isUuid: true), random.Next(2) == 0 ? parent.Version : NewerThan(parent.Version, random)) { IsLegacy = parent.IsLegacy, IsPlanPaid = parent.IsPlanPaid };
        if (parent.IsLegacy)
        {
            fork.WriteMeta(fork.MetaOf($",\"forked_from_id\":\"{parent.Id}\""));
            fork.Copy(parent, withUsage: true);
        }
        else
        {
            fork.WriteMeta(fork.MetaOf($$$"""
                ,"forked_from_id":"{{{parent.Id}}}","history_base":{"thread_id":"{{{parent.Id}}}","end_ordinal_exclusive":79,"end_byte_offset":48275}
                """.Trim()));
        }

        fork.GoOnFrom(parent, withThreadTotal: true);
        Threads.Add(fork);

        return fork;
    }

    /// <summary>Lets a thread begin a subagent in the middle of its turn.</summary>
    public SimulatedThread Spawn(SimulatedThread parent, string turn, Random random)
    {
        var child = new SimulatedThread(this, NextId(isUuid: true), parent.Version) { IsLegacy = parent.IsLegacy, IsPlanPaid = parent.IsPlanPaid, Root = parent.Root, RootTurn = parent.RootTurn ?? turn };
        child.WriteMeta(child.MetaOf($$$"""
            ,"forked_from_id":"{{{parent.Id}}}","parent_thread_id":"{{{parent.Id}}}","thread_source":"subagent","source":{"subagent":{"thread_spawn":{"parent_thread_id":"{{{parent.Id}}}","depth":1} } }
            """.Trim()));
        if (random.Next(4) > 0)
        {
            child.Copy(parent, withUsage: parent.IsLegacy);
            if (parent.IsLegacy)
            {
                child.GoOnFrom(parent, withThreadTotal: false);
            }
        }

        Threads.Add(child);

        return child;
    }

    public long NextMs() => _ms += 7;

    public string NextId(bool isUuid)
    {
        var ms = NextMs();
        var number = ++_ids;

        return isUuid ? string.Create(CultureInfo.InvariantCulture, $"{ms >> 16:x8}-{ms & 0xFFFF:x4}-7{number & 0xFFF:x3}-8000-{number:x12}") : $"no-uuid-{number}";
    }

    public string NextResponse() => $"resp_{++_ids}";

    /// <summary>The same version or a later one: nobody goes back.</summary>
    public static string NewerThan(string version, Random random)
    {
        var first = Array.IndexOf(Versions, version);

        return Versions[random.Next(first, Versions.Length)];
    }
}
