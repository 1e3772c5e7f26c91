using System.Globalization;
using TokenGovernance.Domain;
using TokenGovernance.Storage;
using TokenGovernance.Text;

namespace TokenGovernance.Diagnostics;

/// <summary>Looks at a store: is it there, whole, private and fed?</summary>
sealed class StoreExaminer(string path, bool isDaemonRunning, TimeProvider time)
{
    const int EarliestYear = 2024;

    /// <summary>So much is never left in the log after a commit, unless somebody still reads what was there before.</summary>
    const long LargestLog = 16 << 20;

    /// <summary>Checking less takes no time that anybody would wonder about.</summary>
    const long LargeBytes = 64 << 20;

    static readonly TimeSpan Future = TimeSpan.FromMinutes(5);
    static readonly TimeSpan Stale = TimeSpan.FromMinutes(10);

    readonly List<Finding> _findings = [];

    /// <summary>Leaves out what reads the whole store.</summary>
    public bool IsQuick { get; init; }

    /// <summary>Claude Code's files are collected.</summary>
    public bool ReadsClaude { get; init; }

    /// <summary>Is told what is being done where that can take long.</summary>
    public Action<string>? Tell { get; init; }

    /// <summary>Says of the store and of its daemon what is to be said. Empty checkpoints where there is no store.</summary>
    public (IReadOnlyList<Finding> Findings, Dictionary<string, string> Checkpoints, Finding Clock) Examine()
    {
        var store = Read();
        if (store is not null)
        {
            _findings.Add(ExamineFile(store.Health));
            if (isDaemonRunning && store.Health.PendingLog is var pending and > LargestLog)
            {
                _findings.Add(new Finding(
                    "store", $"{path}-wal", true,
                    $"{NumberFormat.Bytes(pending)} of it cannot be moved into the store, because a program has been reading the store since before that was written,"
                        + " such as a database shell or a dashboard with an open transaction; the file grows until that ends. Close that program."));
            }

            _findings.AddRange(ExamineUsage(store.Health));
        }

        _findings.Add(ExamineDaemon(store?.LastPass));

        return (_findings, store?.Checkpoints ?? [], ExamineClock(store?.Health.Newest));
    }

    StoreFacts? Read()
    {
        try
        {
            if (!IsQuick && new FileInfo(path) is { Exists: true, Length: > LargeBytes and var size })
            {
                Tell?.Invoke($"checking all {NumberFormat.Bytes(size)} of the store; --quick leaves this out …");
            }

            return StoreReader.Read(path, store => new StoreFacts(store.Check(isWhole: !IsQuick), store.ReadLastPass(), store.ReadCheckpoints()));
        }
        catch (UserFacingException e)
        {
            _findings.Add(new Finding("store", path, true, e.Message));

            return null;
        }
    }

    /// <summary>What of the usage is not known, and how more of it could be.</summary>
    IEnumerable<Finding> ExamineUsage(StoreHealth health)
    {
        if (health.Unmeasured is [var most, ..])
        {
            yield return new Finding("usage", "not measured", false, UnmeasuredText.Of(health.Unmeasured.Sum(model => model.Responses), most.Model, most.Responses));
        }

        if (health.PlanPaid.Count > 0)
        {
            yield return new Finding("usage", "paid by a plan", false, PlanPaidText.Of(health.PlanPaid));
        }

        if (health.Turns.Count > 0)
        {
            yield return new Finding("usage", "turns", false, TurnText.Of(health.Turns, ReadsClaude));
        }

        if (health.Remainders.Rows > 0)
        {
            yield return new Finding("usage", "remainders", false, TurnText.OfRemainders(health.Remainders.Rows, health.Remainders.Tokens));
        }
    }

    Finding ExamineFile(StoreHealth health)
    {
        var size = NumberFormat.Bytes(new FileInfo(path).Length);
        var facts = string.Create(
            CultureInfo.InvariantCulture,
            $"{size}, schema {Schema.Latest}, SQLite {health.SqliteVersion}, {health.Events:#,##0} events"
                + $"{(health.Newest is { } newest ? $", newest {newest}" : "")}");

        return health.Problem is { } problem
            ? new Finding("store", path, true, $"{facts}; damaged: {problem}. Stop the daemon, keep a copy and restore a backup.")
            : IsReadableByOthers(path)
                ? new Finding("store", path, true, $"{facts}; others may read it. Take that right away: chmod 600 {path}")
                : new Finding("store", path, false, health.IsChecked ? $"{facts}, intact" : $"{facts}; not checked for damage");
    }

    static bool IsReadableByOthers(string path) =>
        !OperatingSystem.IsWindows()
        && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0;

    Finding ExamineDaemon(string? lastPass)
    {
        var text = lastPass is null ? "no pass yet" : $"last pass {lastPass}";
        var isStale = isDaemonRunning && UtcTime.TryParse(lastPass, out var ms)
            && time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(ms) > Stale;

        return new Finding(
            "daemon", isDaemonRunning ? "running" : "not running", isStale, isStale ? $"{text}: it stands still. Look at its log." : text);
    }

    Finding ExamineClock(string? newestEvent)
    {
        var now = time.GetUtcNow();
        var newest = UtcTime.TryParse(newestEvent, out var ms) ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : now;
        var text = UtcTime.Format(now);

        return now.Year < EarliestYear ? new Finding("clock", text, true, "this machine's clock is years behind; set it")
            : newest - now > Future ? new Finding("clock", text, true, $"events lie in the future (up to {UtcTime.Format(newest)}): this clock or OpenClaw's is wrong")
            : new Finding("clock", text, false, $"local time zone {TimeZones.Local.Id}");
    }

    /// <summary>What the store says, all of one moment.</summary>
    sealed record StoreFacts(StoreHealth Health, string? LastPass, Dictionary<string, string> Checkpoints);
}
