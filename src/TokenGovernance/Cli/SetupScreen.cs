using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Setup;
using TokenGovernance.Sources.OpenClaw;
using TokenGovernance.Text;

namespace TokenGovernance.Cli;

/// <summary>Tells what setting up found, will do and has done: line by line for people, or as one JSON object.</summary>
sealed class SetupScreen(TextWriter output, bool asJson, SetupFacts facts, string kind, bool isDryRun, bool isRemoval)
{
    readonly List<SetupStepReport> _steps = [];

    /// <summary>Why there can be no service; NULL: there can.</summary>
    public string? Obstacle { get; init; }

    public bool IsDryRun => isDryRun;

    public bool IsRemoval => isRemoval;

    /// <summary>A step in one line, as it is typed or read.</summary>
    public static string Describe(SetupStep step) => step switch
    {
        MakeFolder folder => $"make   {folder.Path}",
        WriteFile file => $"write  {file.Path}",
        KeepFile file => $"keep   {file.Path} ({file.Reason})",
        DeleteFile file => $"delete {file.Path}",
        RunProgram program => $"run    {string.Join(' ', program.Words.Select(word => word.Contains(' ', StringComparison.Ordinal) ? $"\"{word}\"" : word))}",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "no such step"),
    };

    public void Begin(SetupPlan plan)
    {
        if (asJson)
        {
            return;
        }

        if (!isRemoval)
        {
            foreach (var (i, home) in facts.Homes.Index())
            {
                Row(i == 0 ? "OpenClaw" : "", $"{home}{(new OpenClawHome(home).FindObstacle() is { } obstacle ? $" ({obstacle}; the collector waits for it)" : "")}");
            }

            Row("openclaw", facts.OpenClaw ?? "not found: no quotas; run this again once it is on PATH");
            Row("Time zone", facts.TimeZone ?? "the machine's");
            Row("Store", facts.Store);
            output.WriteLine();
        }

        if (plan.Steps.Count == 0)
        {
            output.WriteLine("There is nothing to do.");

            return;
        }

        output.WriteLine(isDryRun ? "It would:" : "What it does:");
        if (!isDryRun)
        {
            foreach (var step in plan.Steps)
            {
                Line(step);
            }

            output.WriteLine();
        }
    }

    /// <summary>Tells of a step that is done, would be done, or failed.</summary>
    public void Tell(SetupStep step, string? failure)
    {
        _steps.Add(new SetupStepReport(
            step switch { MakeFolder => "make", WriteFile => "write", KeepFile => "keep", DeleteFile => "delete", _ => "run" },
            step switch { MakeFolder folder => folder.Path, WriteFile file => file.Path, KeepFile file => file.Path, DeleteFile file => file.Path, _ => null },
            step is WriteFile written ? written.Text : null,
            step is RunProgram program ? program.Words : null,
            isDryRun ? "planned" : failure is null ? "done" : "failed",
            failure ?? (step is KeepFile kept ? kept.Reason : null)));
        if (asJson || !isDryRun)
        {
            return;
        }

        Line(step);
        if (step is WriteFile { Text: var text })
        {
            foreach (var line in text.TrimEnd().Split('\n'))
            {
                output.WriteLine($"    | {line.TrimEnd('\r')}".TrimEnd());
            }
        }
    }

    /// <summary>Tells the end: what to put into a crontab, and what to know.</summary>
    public void End(IReadOnlyList<string> cronLines, IReadOnlyList<string> notes)
    {
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(
                new SetupReport(
                    Obstacle is null && _steps.All(step => step.Outcome is not "failed"), isDryRun, isRemoval, kind, facts.Homes, facts.OpenClaw, facts.TimeZone, facts.Store, facts.Configuration, Obstacle, _steps, cronLines, notes),
                SetupJson.Default.SetupReport));

            return;
        }

        foreach (var line in cronLines.Count > 0 ? ["Lines for your crontab (crontab -e):", .. cronLines] : Array.Empty<string>())
        {
            output.WriteLine(line);
        }

        if (_steps.Exists(step => step.Outcome is "failed"))
        {
            return;
        }

        foreach (var note in LastWords(notes))
        {
            output.WriteLine(note);
        }
    }

    IEnumerable<string> LastWords(IReadOnlyList<string> notes) =>
        isDryRun ? ["Nothing was changed."]
        : isRemoval ? ["Done.", .. notes]
        : ["Done.", .. notes, "See what is used: token-governance status", "Undo: token-governance setup --remove"];

    void Row(string label, string text) => output.WriteLine($"{label,-10} {PrintableText.Of(text)}");

    void Line(SetupStep step) => output.WriteLine($"  {PrintableText.Of(Describe(step))}");
}

/// <summary>The JSON of `setup --json`. Fields may be added, never renamed.</summary>
sealed record SetupReport(
    bool Ok, bool DryRun, bool Removed, string Service, IReadOnlyList<string> OpenclawHomes, string? OpenclawBin, string? TimeZone, string Store, string Configuration,
    string? Obstacle, IReadOnlyList<SetupStepReport> Steps, IReadOnlyList<string> CronLines, IReadOnlyList<string> Notes);

/// <param name="Action">`make` a folder, `write`, `keep` or `delete` a file, or `run` a program.</param>
/// <param name="Outcome">`planned`, `done` or `failed`.</param>
/// <param name="Reason">Why it failed, or why a file is kept.</param>
sealed record SetupStepReport(string Action, string? Path, string? Text, IReadOnlyList<string>? Command, string Outcome, string? Reason);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SetupReport))]
sealed partial class SetupJson : JsonSerializerContext;
