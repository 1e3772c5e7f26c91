using System.Text.Json;

namespace TokenGovernance.Tests.Sources.OpenClaw.Status;

/// <summary>What `openclaw status --json --usage` really printed, per case.</summary>
static class StatusCases
{
    /// <summary>Address of the account in the recorded outputs.</summary>
    public const string Email = "user@example.com";

    static readonly string Folder = Path.Combine(FindRepository(), "tests", "fixtures", "status");

    public static IEnumerable<string> All => Directory.GetFiles(Folder, "*.stdout").Select(path => Path.GetFileNameWithoutExtension(path)!).Order();

    public static byte[] Output(string name) => File.ReadAllBytes(OutputPath(name));

    public static string OutputPath(string name) => Path.Combine(Folder, $"{name}.stdout");

    public static string ErrorPath(string name) => Path.Combine(Folder, $"{name}.stderr");

    public static int ExitCode(string name)
    {
        using var exit = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, $"{name}.exit")));

        return exit.RootElement.GetProperty("exit").GetInt32();
    }

    /// <summary>Folder of a recorded state directory.</summary>
    public static string HomeOf(string version) => Path.Combine(FindRepository(), "tests", "fixtures", $"openclaw-{version}", "home");

    static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "TokenGovernance.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("no repository above the tests");
        }

        return folder.FullName;
    }
}
