using TokenGovernance.Processes;

namespace TokenGovernance.Setup;

/// <summary>A task of Windows' scheduler that starts when the user logs on.</summary>
sealed class WindowsTask(SetupFacts facts) : ISystemService
{
    const string Name = "Token Governance";

    string File => Path.Combine(facts.DataFolder, "token-governance", "token-governance-task.xml");

    public IReadOnlyList<WriteFile> Files => [new(File, Text(), IsUtf16: true)];

    public IReadOnlyList<string> AllPaths => [File];

    public IReadOnlyList<string> Advice =>
    [
        $"See how it is: schtasks /Query /TN \"{Name}\"",
        @"Warnings go to %LOCALAPPDATA%\token-governance.log",
        "To stop it for a while, for an upgrade of the program say: schtasks /End /TN \"Token Governance\"",
    ];

    public Task<string?> FindObstacleAsync(CancellationToken stop) =>
        Task.FromResult(OpenClawBin.TryFind("schtasks", Environment.GetEnvironmentVariable("PATH")) is null ? "there is no schtasks on PATH" : null);

    public IReadOnlyList<RunProgram> Start(bool isAgain) =>
    [
        .. isAgain ? [End()] : Array.Empty<RunProgram>(),
        new("schtasks", "/Create", "/TN", Name, "/XML", File, "/F"),
        new("schtasks", "/Run", "/TN", Name),
    ];

    public IReadOnlyList<RunProgram> Stop(IReadOnlyList<string> paths) => [End(), new("schtasks", "/Delete", "/TN", Name, "/F")];

    public IReadOnlyList<RunProgram> Forget() => [];

    static RunProgram End() => new("schtasks", "/End", "/TN", Name) { IfItFails = "The scheduler did not run it." };

    /// <summary>In the encoding that the scheduler itself writes.</summary>
    string Text() => new DeployFile("windows/token-governance.xml")
        .With("encoding=\"UTF-8\"", "encoding=\"UTF-16\"")
        .WithBetween("<!-- For:", "-->", $"<!-- {DeployFile.Mark}, which writes it again. -->")
        .With(@"PC\you", DeployFile.Xml($@"{Environment.UserDomainName}\{Environment.UserName}"))
        .With(@"""%LOCALAPPDATA%\Programs\token-governance\token-governance.exe"" collect --quiet", DeployFile.Xml(string.Join(' ', (string[])
            [.. facts.Program.Select(Quoted), "collect", "--quiet", .. facts.Options.Concat(facts.CollectOptions).Select(word => word.StartsWith("--", StringComparison.Ordinal) ? word : Quoted(word))])))
        .ToString().ReplaceLineEndings("\r\n");

    static string Quoted(string word) => $"\"{word}\"";
}
