namespace TokenGovernance.Setup;

/// <summary>Lines for a user's crontab, where nothing else runs programs in the background.</summary>
static class CronLines
{
    /// <summary>The lines, to be put in by hand: a crontab may hold more than what is ours.</summary>
    public static IReadOnlyList<string> Of(SetupFacts facts)
    {
        var usual = new DeployFile("cron/token-governance.cron").ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var program = string.Join(' ', facts.Program.Select(Word));
        var options = string.Concat(facts.Options.Concat(facts.CollectOptions).Select(word => $" {Word(word)}"));

        return
        [
            .. usual.Where(line => line.StartsWith("PATH=", StringComparison.Ordinal)).Select(line => line.Insert("PATH=".Length, string.Concat(facts.ProgramFolders.Select(folder => $"{folder}:")))),
            .. usual.Where(line => line[0] != '#' && line.Contains(" collect --once", StringComparison.Ordinal))
                .Where(line => facts.OpenClaw is not null || line.Contains("--no-status", StringComparison.Ordinal))
                .Select(line => line
                    .Replace("/opt/token-governance/token-governance", program, StringComparison.Ordinal)
                    .Replace("/usr/local/bin/openclaw", facts.OpenClaw is { } bin ? Word(bin) : "", StringComparison.Ordinal)
                    .Replace(" >/dev/null", $"{options} >/dev/null", StringComparison.Ordinal)),
            .. facts.HasLimits ? [$"* * * * *    {program} budget check{string.Concat(facts.Options.Select(word => $" {Word(word)}"))} >/dev/null"] : Array.Empty<string>(),
        ];
    }

    /// <summary>A word as the shell of cron reads it; cron takes a percent sign for the end of the line.</summary>
    static string Word(string word)
    {
        var isPlain = word.All(character => char.IsAsciiLetterOrDigit(character) || "/._-=+:,@%".Contains(character, StringComparison.Ordinal));

        return (isPlain ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'").Replace("%", @"\%", StringComparison.Ordinal);
    }
}
