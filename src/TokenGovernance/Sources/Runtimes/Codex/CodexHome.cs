using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.Runtimes.Codex;

/// <summary>One home of Codex: live and archived rollouts.</summary>
sealed class CodexHome : IUsageSource
{
    /// <summary>Years, months, days.</summary>
    const int Depth = 3;

    readonly SessionIdentity _session;
    readonly TimeProvider _time;
    readonly RolloutTree[] _trees;

    /// <param name="path">The folder that Codex calls `CODEX_HOME`; need not be there.</param>
    /// <param name="session">Whose it is, without a session.</param>
    /// <param name="checkpoints">Those of earlier runs.</param>
    /// <param name="rules">How closely each pass looks.</param>
    /// <param name="time">The clock.</param>
    public CodexHome(string path, SessionIdentity session, StoredCheckpoints checkpoints, LookRules rules, TimeProvider time)
    {
        Name = path;
        _session = session;
        _time = time;
        _trees =
        [
            new RolloutTree(Path.Combine(path, "sessions"), Depth, checkpoints, rules, time),
            new RolloutTree(Path.Combine(path, "archived_sessions"), Depth, checkpoints, rules, time),
        ];
    }

    public string Name { get; }

    public void Poll(SourceNews news, PassReport report)
    {
        foreach (var tree in _trees)
        {
            foreach (var file in tree.FindChanged(report))
            {
                if (file.Failure is { } failure)
                {
                    report.Fail(file.Path, failure);

                    continue;
                }

                news.Readers.Add(file.IsCompressed ? new CompressedRolloutReader(file, _session, _time) : new RolloutReader(file, _session, _time));
            }

            if (tree.TakeForgotten() is { Count: > 0 } forgotten)
            {
                news.Sessions.Add(new Batch { Checkpoints = forgotten });
            }
        }
    }
}
