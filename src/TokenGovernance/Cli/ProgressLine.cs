using System.Globalization;
using TokenGovernance.Collection;
using TokenGovernance.Daemon;
using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Cli;

/// <summary>A line on a terminal that shows the progress of a long pass.</summary>
static class ProgressLine
{
    const string Cleared = "\r\e[K";

    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Returns an action that writes the line, or NULL if standard error is no terminal.</summary>
    public static Action<PassProgress>? ForTerminal(TextWriter error)
    {
        if (Console.IsErrorRedirected)
        {
            return null;
        }

        var last = TimeProvider.System.GetTimestamp();

        return pass =>
        {
            var isDone = pass.SourcesDone >= pass.Sources;
            if (TimeProvider.System.GetElapsedTime(last) > Interval || isDone)
            {
                last = TimeProvider.System.GetTimestamp();
                error.Write(isDone ? Cleared : Cleared + Text(pass));
            }
        };
    }

    /// <summary>Removes the line of a pass that did not come to its end.</summary>
    public static void Clear(TextWriter error)
    {
        if (!Console.IsErrorRedirected)
        {
            error.Write(Cleared);
        }
    }

    /// <summary>Returns what tells of an upgrade of the store: one line when it begins, and on a terminal how far it is.</summary>
    public static Action<UpgradeProgress> ForUpgrade(TextWriter error) => upgrade =>
    {
        if (upgrade.Done == 0)
        {
            error.WriteLine(UpgradeText.Begin(upgrade));
        }
        else if (!Console.IsErrorRedirected)
        {
            error.Write(upgrade.Done >= upgrade.Total ? Cleared : Cleared + UpgradeText.Progress(upgrade));
        }
    };

    static string Text(PassProgress pass) => string.Create(
        CultureInfo.InvariantCulture,
        $"reading: {pass.SourcesDone:#,##0} of {pass.Sources:#,##0} sources, {NumberFormat.Bytes(pass.Bytes)}, {pass.Events:#,##0} events");
}
