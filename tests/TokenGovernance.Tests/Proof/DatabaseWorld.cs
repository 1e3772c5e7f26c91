using TokenGovernance.Collection;
using TokenGovernance.Sources.Files;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Proof;

/// <summary>An agent's database, the collector that reads it, and everything that can happen to both.</summary>
sealed class DatabaseWorld : IDisposable
{
    /// <summary>What can happen, the usual more often.</summary>
    public static readonly IReadOnlyList<string> Actions =
    [
        "begin", "begin", "append", "append", "append", "append", "append", "model", "unfinished", "fork", "fork", "rewind", "delete", "cool",
        "cool", "thaw", "thaw", "rewrite", "rewrite", "trim", "vacuum", "checkpoint-wal", "checkpoint-wal", "close", "tick", "tick", "pass",
        "pass", "pass", "pass", "restart", "lose",
    ];

    readonly TempFolder _folder = new();
    readonly StepClock _clock = new();
    readonly TranscriptWriter _writer = new();
    readonly ReferenceModel _model;
    readonly SortedDictionary<string, Transcript> _live = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, (Transcript Transcript, string Place)> _cold = new(StringComparer.Ordinal);
    readonly List<(string Session, Transcript Transcript)> _archives = [];
    readonly DatabaseWriter _database;
    readonly Homes _homes;
    readonly UsageStore _store;
    Collector _collector;
    int _passes, _names;

    /// <param name="rules">How closely passes look; by default as closely as they can.</param>
    public DatabaseWorld(LookRules? rules = null)
    {
        _model = new ReferenceModel(_writer);
        _database = new DatabaseWriter(_folder["agents/main"]);
        _homes = new Homes([_folder.Path], rules);
        _store = EmptyStore.Open(EmptyStore.CopyTo(_folder["usage.db"]), _clock);
        _collector = NewCollector();
    }

    /// <summary>Runs a sequence; returns what is wrong afterwards, or NULL.</summary>
    public static string? Run(IReadOnlyList<Step> sequence) => Run(sequence, rules: null);

    /// <summary>As above, where passes look only at what the gateway's writing shows, but for the last one.</summary>
    public static string? RunQuickly(IReadOnlyList<Step> sequence) =>
        Run(sequence, new LookRules { QuickFrom = 0, FullLookEvery = TimeSpan.FromHours(1) });

    static string? Run(IReadOnlyList<Step> sequence, LookRules? rules)
    {
        using var world = new DatabaseWorld(rules);
        foreach (var step in sequence)
        {
            if (world.Do(step) is { } failure)
            {
                return $"{step}: {failure}";
            }
        }

        world._clock.Advance(TimeSpan.FromHours(2));

        return world.Pass() ?? world.Judge();
    }

    public void Dispose()
    {
        _database.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    string? Do(Step step)
    {
        switch (step.Action)
        {
            case "tick":
                _clock.Advance(TimeSpan.FromMilliseconds(step.A % 3 == 0 ? 10 : 3000));

                return null;
            case "pass":
                return Pass();
            case "restart":
                _collector = NewCollector();

                return null;
            case "lose":
                CheckpointDamage.Apply(_store, step);
                _collector = NewCollector();

                return null;
            case "unfinished":
                return PassDuringTransaction(step);
            default:
                Write(step);
                _database.Stamp(_clock);

                return null;
        }
    }

    void Write(Step step)
    {
        switch (step.Action)
        {
            case "begin":
                Begin($"agent:main:k{_names}", previous: null, []);
                break;
            case "vacuum":
                _database.Vacuum();
                break;
            case "checkpoint-wal":
                _database.CheckpointWal((step.A % 3) switch { 0 => "PASSIVE", 1 => "RESTART", _ => "TRUNCATE" });
                break;
            case "close":
                _database.Close(leavesWal: step.A % 2 == 0);
                break;
            case "thaw":
                Thaw(step);
                break;
            default:
                if (_live.Count > 0)
                {
                    var (session, transcript) = _live.ElementAt(step.A % _live.Count);
                    Change(step, session, transcript);
                }

                break;
        }
    }

    void Change(Step step, string session, Transcript transcript)
    {
        switch (step.Action)
        {
            case "append":
                Append(session, transcript, [.. Enumerable.Range(0, 1 + step.B % 3).Select(i => _writer.Answer(step.B % 4 != 0, step.B % 3 * 1100))]);
                break;
            case "model":
                Append(session, transcript, [_writer.ModelChange(), _writer.Question(step.B % 2 * 1100), _writer.Answer(namesModel: false)]);
                break;
            case "fork":
                Begin($"agent:main:k{_names}", previous: null, Copied(transcript, step.B));
                break;
            case "rewind":
                Begin(transcript.Key, previous: session, Copied(transcript, step.B));
                break;
            case "delete":
                _database.Archive(session, transcript.Key, string.Concat(transcript.Entries.Select(entry => entry + "\n")), step.B % 2 == 0);
                _database.DeleteSession(session);
                _archives.Add((session, transcript));
                _live.Remove(session);
                break;
            case "cool":
                if (step.B % 3 != 0)
                {
                    _database.Rotate(session);
                }

                _cold[session] = (transcript, _database.PutInCold(session, transcript.Entries.Select((entry, seq) => ((long)seq, entry)), step.B % 2 == 0));
                _live.Remove(session);
                break;
            case "rewrite":
                // Entries change in place, as many as before: only the generation tells.
                Rewrite(session, transcript, [transcript.Entries[0], .. transcript.Entries.Skip(1).Select((entry, i) => i % 2 == step.B % 2 ? _writer.Answer() : entry)]);
                break;
            case "trim":
                Rewrite(session, transcript, [transcript.Entries[0], .. transcript.Entries.Skip(2 + step.B % 2), _writer.Answer()]);
                break;
            default:
                throw new InvalidOperationException(step.Action);
        }
    }

    void Begin(string key, string? previous, string[] copied)
    {
        var session = $"s{++_names}";
        var transcript = new Transcript(key, previous is not null, []);
        _database.AddSession(session, key, previous);
        Append(session, transcript, [_writer.Header(session, isFork: copied.Length > 0 && previous is null), .. copied]);
    }

    static string[] Copied(Transcript transcript, int cut) =>
        [.. transcript.Entries.Skip(1).SkipLast(cut % 2 == 0 ? 0 : transcript.Entries.Count / 2)];

    void Append(string session, Transcript transcript, string[] entries)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            _database.Insert(session, transcript.Entries.Count + i, entries[i], isCompressed: entries[i].Length > 1024);
        }

        _live[session] = transcript with { Entries = [.. transcript.Entries, .. entries] };
    }

    void Rewrite(string session, Transcript transcript, string[] entries)
    {
        _database.Begin();
        _database.DeleteRows(session);
        Append(session, transcript with { Entries = [] }, entries);
        _database.Rotate(session);
        _database.Commit();
    }

    void Thaw(Step step)
    {
        if (_cold.Count > 0)
        {
            var (session, (transcript, place)) = _cold.ElementAt(step.A % _cold.Count);
            _database.TakeFromCold(session, place);
            _cold.Remove(session);
            if (step.B % 3 != 0)
            {
                _database.Rotate(session);
            }

            Append(session, transcript with { Entries = [] }, [.. transcript.Entries]);
        }
    }

    /// <summary>A transaction is open during a pass: what is in it is not there yet.</summary>
    string? PassDuringTransaction(Step step)
    {
        if (_live.Count == 0)
        {
            return null;
        }

        var (session, before) = _live.ElementAt(step.A % _live.Count);
        _database.Begin();
        Append(session, before, [_writer.Answer()]);
        var after = _live[session];
        _live[session] = before;
        var failure = Pass();
        if (step.B % 2 == 0)
        {
            _database.Commit();
            _live[session] = after;
        }
        else
        {
            _database.RollBack();
        }

        _database.Stamp(_clock);

        return failure;
    }

    string? Pass()
    {
        _passes++;
        foreach (var (session, transcript) in _live)
        {
            Look(session, transcript, _database.File1);
        }

        foreach (var (session, (transcript, place)) in _cold)
        {
            Look(session, transcript, place);
        }

        foreach (var (session, transcript) in _archives)
        {
            Look(session, transcript, _database.File1);
        }

        var pass = _collector.RunPass(long.MaxValue, progress: null, CancellationToken.None);

        return pass.Failures.Count > 0 ? string.Join("; ", pass.Failures) : pass.BadLines > 0 ? $"bad lines: {pass.BadLines}" : null;
    }

    void Look(string session, Transcript transcript, string place)
    {
        if (transcript.IsRewind)
        {
            _model.Join(session, startedMs: null, isFork: true);
        }

        _model.Look(session, place, transcript.Entries.Select((entry, seq) => (seq + 1L, entry)), claimsOwnership: true, _passes);
    }

    string? Judge()
    {
        if (_model.Compare(_store) is { } difference)
        {
            return difference;
        }

        var rescan = NewCollector(rescan: true).RunPass(long.MaxValue, progress: null, CancellationToken.None);

        return rescan.Stored.Added != 0 ? $"a rescan adds {rescan.Stored.Added}"
            : _model.Compare(_store) is { } later ? $"after a rescan {later}" : null;
    }

    Collector NewCollector(bool rescan = false) =>
        new(_store, checkpoints => _homes.OpenSources(checkpoints, _clock), rescan, _clock);

    sealed record Transcript(string Key, bool IsRewind, IReadOnlyList<string> Entries);
}
