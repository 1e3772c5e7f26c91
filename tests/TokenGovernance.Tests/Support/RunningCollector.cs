using System.Collections.Concurrent;
using System.Diagnostics;

namespace TokenGovernance.Tests;

/// <summary>The real daemon, and what it says.</summary>
sealed class RunningCollector : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    readonly Process _process;
    readonly BlockingCollection<string> _waiting = [];
    readonly List<string> _said = [];

    public RunningCollector(Scene scene, double intervalSec = 0.02)
    {
        _process = Cli.Start(
            [], "collect", "--openclaw-home", scene.Home.Path, "--db", scene.Db, "--interval-sec",
            intervalSec.ToString(System.Globalization.CultureInfo.InvariantCulture), "--no-status");
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.BeginErrorReadLine();
    }

    /// <summary>What it has said so far, as far as somebody waited for it.</summary>
    public IReadOnlyList<string> Said => _said;

    /// <summary>Waits until it says something; what it says before that is kept.</summary>
    public void WaitFor(string text)
    {
        while (_waiting.TryTake(out var line, Patience))
        {
            _said.Add(line);
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new TimeoutException($"It does not say '{text}', only:\n{string.Join('\n', _said)}");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _waiting.Dispose();
    }

    void Take(string? line)
    {
        if (line is not null)
        {
            _waiting.Add(line);
        }
        else
        {
            _waiting.CompleteAdding();
        }
    }
}
