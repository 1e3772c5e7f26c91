using System.Runtime.Versioning;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>A user without anything but an OpenClaw home, and programs of the system that only write down what they are asked.</summary>
[UnsupportedOSPlatform("windows")]
sealed class SetupScene : IDisposable
{
    readonly TempFolder _folder = new();

    public SetupScene()
    {
        new TestHome(Path.Combine(User, ".openclaw")).Log("s1.jsonl", Some.Answer("a1"));
        Directory.CreateDirectory(Programs);
        foreach (var program in new[] { "systemctl", "loginctl", "launchctl", "schtasks" })
        {
            Answer(program, "exit 0");
        }

        Answer("openclaw", "exit 1");
    }

    /// <summary>The user's folder.</summary>
    public string User => _folder["me"];

    public string Programs => _folder["programs"];

    public string Store => Path.Combine(User, ".local", "share", "token-governance", "token_usage.db");

    public string Configuration => Path.Combine(User, ".config", "token-governance", "config.toml");

    /// <summary>What the system's programs were asked, in order; without questions that change nothing.</summary>
    public IReadOnlyList<string> Calls =>
        File.Exists(_folder["calls"]) ? [.. File.ReadAllLines(_folder["calls"]).Where(line => line != "systemctl --user show --property=Version")] : [];

    public string UnitPath(string name) => Path.Combine(User, ".config", "systemd", "user", name);

    public string Unit(string name) => File.ReadAllText(UnitPath(name));

    /// <summary>Lets a program of the system answer by a line of shell; what it is asked is written down before.</summary>
    public void Answer(string program, string shell)
    {
        var path = Path.Combine(Programs, program);
        File.WriteAllText(path, $"#!/bin/sh\necho {program} \"$@\" >> '{_folder["calls"]}'\n{shell}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void RemoveProgram(string program) => File.Delete(Path.Combine(Programs, program));

    public void ForgetCalls() => File.Delete(_folder["calls"]);

    public void Configure(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Configuration)!);
        File.WriteAllText(Configuration, text);
    }

    public IReadOnlyList<string> Snapshot() => DirectorySnapshot.Of(User);

    public CliResult Setup(params string[] args) => Run(["setup", "--service", "systemd", .. args]);

    public CliResult Run(params string[] args) => Cli.Run(
        new()
        {
            ["HOME"] = User,
            ["XDG_CONFIG_HOME"] = null,
            ["XDG_DATA_HOME"] = null,
            ["DOTNET_ROOT"] = null,
            ["TZ"] = "Europe/Vienna",
            ["PATH"] = Programs,
        },
        args);

    public void Dispose() => _folder.Dispose();
}
