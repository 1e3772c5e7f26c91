using System.Text;
using TokenGovernance.Collection;
using TokenGovernance.Sources.Files;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Proof;

/// <summary>A home of log files, the collector that reads it, and everything that can happen to both.</summary>
sealed class TranscriptWorld : IDisposable
{
    const string Sessions = "agents/main/sessions/";
    const string Imports = "agents/main/session-sqlite-import-archive/";

    /// <summary>What can happen, the usual more often.</summary>
    public static readonly IReadOnlyList<string> Actions =
    [
        "begin", "begin", "append", "append", "append", "append", "append", "tear", "tear", "complete", "complete", "kill", "kill", "model", "garbage",
        "truncate", "shorten", "rewrite", "same-size", "edit-and-grow", "replace", "reset", "delete", "backup", "checkpoint", "import",
        "remove", "copy-back", "fork", "fork", "trajectory", "tick", "tick", "pass", "pass", "pass", "pass", "restart", "reopen", "lose",
    ];

    /// <summary>What takes something away that may not have been read yet.</summary>
    static readonly IReadOnlyList<string> Destroying = ["truncate", "shorten", "rewrite", "same-size", "edit-and-grow", "replace", "remove"];

    static readonly TimeSpan FullLookEvery = TimeSpan.FromHours(1);

    readonly TempFolder _folder = new();
    readonly StepClock _clock = new();
    readonly TranscriptWriter _writer = new();
    readonly ReferenceModel _model;
    readonly SortedDictionary<string, TranscriptText> _files = new(StringComparer.Ordinal);
    readonly List<(string Name, TranscriptText Text)> _gone = [];
    readonly Homes _homes;
    readonly IFolderNotices _notices;
    readonly bool _isFaulty;
    UsageStore _store;
    Collector _collector;
    int _passes, _names;

    /// <param name="notices">What is told of changes.</param>
    /// <param name="isFaulty">Something of that may be lost: then nothing vanishes that no full look has seen.</param>
    public TranscriptWorld(IFolderNotices notices, bool isFaulty)
    {
        (_notices, _isFaulty) = (notices, isFaulty);
        _model = new ReferenceModel(_writer);
        Directory.CreateDirectory(_folder[Sessions]);
        Directory.CreateDirectory(_folder[Imports]);
        _homes = new Homes([_folder.Path], new LookRules { FullLookEvery = FullLookEvery }).With(notices);
        _store = EmptyStore.Open(EmptyStore.CopyTo(_folder["usage.db"]), _clock);
        _collector = NewCollector();
    }

    /// <summary>Runs a sequence; returns what is wrong afterwards, or NULL.</summary>
    public static string? Run(IReadOnlyList<Step> sequence) => Run(sequence, NoNotices.Instance, isFaulty: false);

    /// <summary>As above, where passes look only at what the system tells of.</summary>
    public static string? RunWatched(IReadOnlyList<Step> sequence)
    {
        using var notices = FolderNotices.Open();

        return Run(sequence, notices, isFaulty: false);
    }

    /// <summary>As above, where some of what the system tells is dropped, doubled or late.</summary>
    public static string? RunFaultilyWatched(IReadOnlyList<Step> sequence)
    {
        using var notices = new FaultyNotices(FolderNotices.Open(), TestSeed.Value + sequence.Count);

        return Run(sequence, notices, isFaulty: true);
    }

    static string? Run(IReadOnlyList<Step> sequence, IFolderNotices notices, bool isFaulty)
    {
        using var world = new TranscriptWorld(notices, isFaulty);
        foreach (var step in sequence)
        {
            if (world.Do(step) is { } failure)
            {
                return $"{step}: {failure}";
            }
        }

        return world.PassInFull() ?? world.Judge();
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    string? Do(Step step)
    {
        switch (step.Action)
        {
            case "tick":
                _clock.Advance(TimeSpan.FromMilliseconds(step.A % 3 == 0 ? 10 : 3000));
                break;
            case "pass":
                return Pass();
            case "restart":
                _collector = NewCollector();
                break;
            case "reopen":
                _store.Dispose();
                _store = EmptyStore.Open(_folder["usage.db"], _clock);
                _collector = NewCollector();
                break;
            case "lose":
                CheckpointDamage.Apply(_store, step);
                _collector = NewCollector();
                break;
            case "begin":
                Put($"{Sessions}s{++_names}.jsonl", new TranscriptText($"s{_names}", Lines([_writer.Header($"s{_names}")])));
                break;
            case "copy-back" when !_isFaulty || PassInFull() is null:
                CopyBack(step);
                break;
            case "copy-back":
                return "a full look fails";
            default:
                if (_isFaulty && Destroying.Contains(step.Action) && PassInFull() is { } failure)
                {
                    return failure;
                }

                if (Choose(step.A) is { } name)
                {
                    Change(step, name, _files[name]);
                }

                break;
        }

        return null;
    }

    void Change(Step step, string name, TranscriptText file)
    {
        var live = $"{Sessions}{file.Session}.jsonl";
        switch (step.Action)
        {
            case "append":
                Append(name, file, [.. file.Rest, .. Lines([.. Enumerable.Range(0, 1 + step.B % 3).Select(i => _writer.Answer(step.B % 4 != 0, step.B % 5 * 60))])], []);
                break;
            case "tear":
                var line = Lines([_writer.Answer()]);
                var cut = 1 + step.B * (line.Length - 2) / 1000;
                Append(name, file, [.. file.Rest, .. line[..cut]], line[cut..]);
                break;
            case "complete":
                Append(name, file, step.B % 2 == 0 ? file.Rest : [.. file.Rest.SkipLast(1)], step.B % 2 == 0 || file.Rest.Length == 0 ? [] : [(byte)'\n']);
                break;
            case "kill":
                // The rest never comes: what is appended next is glued on.
                _files[name] = file with { Rest = [] };
                break;
            case "model":
                Append(name, file, [.. file.Rest, .. Lines([_writer.ModelChange(), _writer.Answer(namesModel: false)])], []);
                break;
            case "garbage":
                Append(name, file, step.B % 2 == 0 ? "\n"u8 : Encoding.UTF8.GetBytes($"{{\"usage\":\"ä{step.B}\n"), []);
                break;
            case "truncate":
                Put(name, file with { Bytes = file.Bytes[..(file.Bytes.Length * (step.B % 100) / 100)], Rest = [] });
                break;
            case "shorten":
                Put(name, file with { Bytes = Lines(file.Lines.TakeLast(1 + step.B % 3)), Rest = [] });
                break;
            case "rewrite":
                var header = step.B % 2 == 0 ? _writer.Header("other") : file.Lines.FirstOrDefault() ?? "";
                Put(name, file with { Bytes = Lines([header, .. file.Lines.Where((_, i) => i % 2 == step.B / 2 % 2), .. Answers(1 + step.B % 4)]), Rest = [] });
                break;
            case "same-size":
                Put(name, file with { Bytes = Lines(Edit(file, step.B)), Rest = [] });
                break;
            case "edit-and-grow":
                Put(name, file with { Bytes = Lines([.. Edit(file, step.B), .. Answers(1)]), Rest = [] });
                break;
            case "replace":
                File.Delete(_folder["new.tmp"]);
                File.WriteAllText(_folder["new.tmp"], "");
                File.Move(_folder["new.tmp"], _folder[name], overwrite: true);
                Put(name, file with { Bytes = Lines([.. file.Lines.Skip(step.B % 3), .. Answers(step.B % 3)]), Rest = [] });
                break;
            case "reset" or "delete":
                Move(name, $"{live}.{(step.Action is "reset" ? "reset" : "deleted")}.2026-11-21T20-11-12.{++_names}Z");
                break;
            case "import":
                Move(name, $"{Imports}agent_main_main.{file.Session}.jsonl.imported-{++_names}");
                break;
            case "backup":
                Put($"{live}.bak.2026-11-21T20-11-12.{++_names}Z", file with { ClaimsOwnership = true });
                break;
            case "checkpoint":
                Put($"{Sessions}{file.Session}.checkpoint.{++_names}.jsonl", file with { ClaimsOwnership = false });
                break;
            case "trajectory":
                Put($"{Sessions}{file.Session}.trajectory.jsonl", new TranscriptText(file.Session, Lines(Answers(2))) { Counts = false });
                break;
            case "remove":
                Remove(name);
                break;
            case "fork":
                Fork(file, step.B);
                break;
            default:
                throw new InvalidOperationException(step.Action);
        }
    }

    void Fork(TranscriptText file, int cut)
    {
        var id = $"s{++_names}";
        string[] copied = [.. file.Lines.Where(line => _writer.Find(line) is not Header)];
        copied = copied[..(copied.Length - cut % 2 * (copied.Length / 2))];
        var name = cut % 3 == 0 ? $"{id}.jsonl" : $"2026-11-21T20-03-10-480Z_{id}.jsonl";
        Put(Sessions + name, new TranscriptText(id, Lines([_writer.Header(id, isFork: true), .. copied])));
    }

    void CopyBack(Step step)
    {
        if (_gone.Count > 0)
        {
            var (name, text) = _gone[step.A % _gone.Count];
            Put(name, text with { Rest = [] });
        }
    }

    /// <summary>Exchanges one response for another of as many bytes.</summary>
    IEnumerable<string> Edit(TranscriptText file, int choice)
    {
        var answers = file.Lines.Where(line => _writer.Find(line) is Answer).ToList();
        var victim = answers.Count == 0 ? null : answers[choice % answers.Count];

        return file.Lines.Select(line => line == victim ? _writer.Twin(line, (Answer)_writer.Find(line)!) : line);
    }

    IEnumerable<string> Answers(int count) => Enumerable.Range(0, count).Select(_ => _writer.Answer());

    string? Choose(int number)
    {
        var names = _files.Where(pair => pair.Value.Counts).Select(pair => pair.Key).ToList();

        return names.Count == 0 ? null : names[number % names.Count];
    }

    static byte[] Lines(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));

    void Append(string name, TranscriptText file, ReadOnlySpan<byte> bytes, byte[] rest)
    {
        using (var stream = new FileStream(_folder[name], FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
        {
            stream.Write(bytes);
        }

        _files[name] = file with { Bytes = [.. file.Bytes, .. bytes], Rest = rest };
        _clock.Stamp(_folder[name]);
    }

    /// <summary>Writes a file anew, in place if it is there.</summary>
    void Put(string name, TranscriptText text)
    {
        if (_files.TryGetValue(name, out var before))
        {
            _gone.Add((name, before));
        }

        File.WriteAllBytes(_folder[name], text.Bytes);
        _files[name] = text;
        Stamp(name);
    }

    void Move(string name, string target)
    {
        _gone.Add((name, _files[name]));
        File.Move(_folder[name], _folder[target], overwrite: true);
        _files[target] = _files[name] with { ClaimsOwnership = true };
        _files.Remove(name);
        Stamp(target);
    }

    void Remove(string name)
    {
        _gone.Add((name, _files[name]));
        File.Delete(_folder[name]);
        _files.Remove(name);
        Stamp(name);
    }

    void Stamp(string name)
    {
        _clock.Stamp(_folder[name]);
        _clock.Stamp(_folder[Sessions]);
        _clock.Stamp(_folder[Imports]);
    }

    string? PassInFull()
    {
        _clock.Advance(FullLookEvery * 2);

        return Pass();
    }

    string? Pass()
    {
        _notices.Collect();
        _passes++;
        foreach (var (name, file) in _files.Where(pair => pair.Value.Counts))
        {
            _model.Look(file.Session, _folder[name], file.NumberedEntries(_writer), file.ClaimsOwnership, _passes);
        }

        var pass = _collector.RunPass(long.MaxValue, progress: null, CancellationToken.None);

        return pass.Failures.Count == 0 ? null : string.Join("; ", pass.Failures);
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
}
