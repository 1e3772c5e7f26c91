using System.Globalization;
using System.Runtime.InteropServices;
using TokenGovernance.Processes;

namespace TokenGovernance.Setup;

/// <summary>An agent of the user's own launchd, on macOS.</summary>
sealed partial class LaunchdAgent(SetupFacts facts) : ISystemService
{
    const string Label = "token-governance";
    const string UsualFolders = "/opt/homebrew/bin:/usr/local/bin:/Users/you/.npm-global/bin:/usr/bin:/bin";

    static string Domain => string.Create(CultureInfo.InvariantCulture, $"gui/{UserId()}");

    string File => Path.Combine(facts.UserFolder, "Library", "LaunchAgents", $"{Label}.plist");

    string Log => Path.Combine(facts.UserFolder, "Library", "Logs", $"{Label}.log");

    public IReadOnlyList<WriteFile> Files => [new(File, Text())];

    public IReadOnlyList<string> AllPaths => [File];

    public IReadOnlyList<string> Advice => [$"See how it is: launchctl print {Domain}/{Label}", $"Read its log: {Log}"];

    public Task<string?> FindObstacleAsync(CancellationToken stop) =>
        Task.FromResult(OpenClawBin.TryFind("launchctl", Environment.GetEnvironmentVariable("PATH")) is null ? "there is no launchctl on PATH" : null);

    public IReadOnlyList<RunProgram> Start(bool isAgain) =>
    [
        .. isAgain ? Stop([]) : [],
        new("launchctl", "bootstrap", Domain, File),
    ];

    public IReadOnlyList<RunProgram> Stop(IReadOnlyList<string> paths) =>
    [
        new("launchctl", "bootout", $"{Domain}/{Label}") { IfItFails = "launchd did not run it." },
    ];

    public IReadOnlyList<RunProgram> Forget() => [];

    string Text()
    {
        var file = new DeployFile("launchd/token-governance.plist")
            .WithBetween("<!-- Goes to", "-->", $"<!-- {DeployFile.Mark}, which writes it again. -->")
            .With("    <string>/usr/local/lib/token-governance/token-governance</string>\n", Strings(facts.Program))
            .With("    <string>json</string>\n", "    <string>json</string>\n" + Strings([.. facts.Options, .. facts.CollectOptions]))
            .With(UsualFolders, DeployFile.Xml(string.Join(':', [.. facts.ProgramFolders, UsualFolders.Replace("/Users/you", facts.UserFolder, StringComparison.Ordinal)])))
            .With("/Users/you/Library/Logs/token-governance.log", DeployFile.Xml(Log));

        return (facts.DotnetRoot is { } root
            ? file.With("    <key>PATH</key>\n", $"    <key>DOTNET_ROOT</key>\n    <string>{DeployFile.Xml(root)}</string>\n    <key>PATH</key>\n")
            : file).ToString();
    }

    static string Strings(IEnumerable<string> words) => string.Concat(words.Select(word => $"    <string>{DeployFile.Xml(word)}</string>\n"));

    [LibraryImport("libc", EntryPoint = "getuid")]
    private static partial uint UserId();
}
