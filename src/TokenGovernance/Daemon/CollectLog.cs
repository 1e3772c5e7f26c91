using TokenGovernance.Collection;
using TokenGovernance.Domain;
using TokenGovernance.Logging;
using TokenGovernance.Text;

namespace TokenGovernance.Daemon;

/// <summary>Says on one line what happened, and says it once: not every second for as long as it lasts.</summary>
sealed class CollectLog(LogWriter output)
{
    readonly Dictionary<string, string> _failures = new(StringComparer.Ordinal);
    readonly HashSet<string> _notes = new(StringComparer.Ordinal);
    string? _trouble;
    long _upgraded;

    /// <summary>Tells of a pass that found something or met something new.</summary>
    public void Tell(PassResult pass)
    {
        var stored = pass.Stored;
        var isNews = stored.Added > 0 || stored.Enriched > 0;
        output.Write(
            isNews ? LogLevel.Info : LogLevel.Debug,
            isNews ? PassSummary.OneLine(pass) : "nothing new",
            ("events_added", stored.Added), ("events_known", stored.Known), ("events_enriched", stored.Enriched),
            ("sources_read", pass.SourcesRead), ("bytes_read", pass.BytesRead), ("bad_lines", pass.BadLines),
            ("milliseconds", (long)pass.Elapsed.TotalMilliseconds));
        TellProblems(pass);
    }

    /// <summary>Tells of an upgrade of the store: that it begins, and every tenth of it.</summary>
    public void Tell(UpgradeProgress upgrade)
    {
        if (upgrade.Done == 0)
        {
            Write(UpgradeText.Begin(upgrade));
        }
        else if (upgrade.Done * 10 / upgrade.Total is var tenth && tenth > _upgraded)
        {
            _upgraded = tenth;
            Write(UpgradeText.Progress(upgrade));
        }
    }

    /// <summary>Tells of what a pass could not read.</summary>
    public void TellProblems(PassResult pass)
    {
        if (pass.BadLines > 0)
        {
            Warn($"skipped {NumberFormat.Count(pass.BadLines, "line")}, not a JSON object each: {string.Join(", ", pass.BadLinePlaces)}");
        }

        foreach (var (source, text) in pass.Notes)
        {
            if (_notes.Add($"{source} {text}"))
            {
                Warn($"{source}: {text}");
            }
        }

        TellFailures(pass.Failures);
    }

    /// <summary>Tells of sources that cannot be read, once each, and of those that can be read again.</summary>
    public void TellFailures(IReadOnlyList<SourceFailure> failures)
    {
        foreach (var (source, reason) in failures)
        {
            if (!_failures.TryGetValue(source, out var known) || known != reason)
            {
                Warn($"cannot read {source}: {reason}");
            }
        }

        foreach (var gone in _failures.Keys.Except(failures.Select(failure => failure.Source)).ToList())
        {
            _failures.Remove(gone);
            Write($"no longer a problem: {gone}");
        }

        foreach (var (source, reason) in failures)
        {
            _failures[source] = reason;
        }
    }

    /// <summary>Tells of a task beside collecting that failed; the caller says it once.</summary>
    public void TaskFailed(string name, string reason) => Warn($"{name} failed and is tried again later: {reason}");

    public void TaskWorks(string name) => Write($"no longer a problem: {name}");

    /// <summary>Tells of something that stops collecting for now; once until it changes.</summary>
    public void Trouble(string message)
    {
        if (_trouble != message)
        {
            _trouble = message;
            output.Write(LogLevel.Error, message);
        }
    }

    /// <summary>Collecting works again.</summary>
    public void TroubleIsOver()
    {
        if (_trouble is not null)
        {
            _trouble = null;
            Write("collecting again");
        }
    }

    public void Write(string message) => output.Write(LogLevel.Info, message);

    public void Warn(string message) => output.Write(LogLevel.Warning, message);
}
