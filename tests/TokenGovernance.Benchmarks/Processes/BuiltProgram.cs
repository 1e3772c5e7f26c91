using System.Runtime.CompilerServices;

namespace TokenGovernance.Benchmarks.Processes;

/// <summary>The program under test, built from the sources beside these.</summary>
static class BuiltProgram
{
    static readonly string Project = Path.GetFullPath(Path.Combine(
        Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "src", "TokenGovernance", "TokenGovernance.csproj"));

    /// <summary>Builds it as `dotnet build -c Release` does.</summary>
    public static string Build(string folder)
    {
        Child.Run("dotnet", "build", Project, "-c", "Release", "-o", folder, "--nologo", "-v", "quiet");

        return Path.Combine(folder, "token-governance");
    }

    /// <summary>Publishes it compiled ahead of time, or returns NULL where that cannot be done: the runtime pack may be missing.</summary>
    public static string? PublishReadyToRun(string folder)
    {
        try
        {
            Child.Run(
                "dotnet", "publish", Project, "-c", "Release", "-r", "linux-x64", "--self-contained", "false", "-p:PublishReadyToRun=true",
                "-p:RestoreLockedMode=false", "-p:NuGetLockFilePath=obj/publish.lock.json", "-o", folder, "--nologo", "-v", "quiet");

            return Path.Combine(folder, "token-governance");
        }
        catch (InvalidOperationException e)
        {
            Console.Error.WriteLine($"no ReadyToRun build: {e.Message}");

            return null;
        }
    }

    static string ThisFile([CallerFilePath] string path = "") => path;
}
