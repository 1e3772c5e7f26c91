using System.Runtime.CompilerServices;
using System.Text.Json;

namespace TokenGovernance.Tests;

/// <summary>A home that the real OpenClaw wrote, and the events that are in it.</summary>
sealed class Fixture(string name)
{
    static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "fixtures"));

    public string Home => Path.Combine(Root, name, "home");

    /// <summary>Full path of something in the fixtures' folder.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public IReadOnlyList<JsonElement> ExpectedEvents() => [.. Expected().GetProperty("events").EnumerateArray()];

    /// <summary>All that `expected.json` says.</summary>
    public JsonElement Expected()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root, name, "expected.json")));

        return document.RootElement.Clone();
    }

    /// <summary>Copies the home, so that nothing a test does can touch the original.</summary>
    public string CopyTo(string target)
    {
        foreach (var file in Directory.EnumerateFiles(Home, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(Home, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return target;
    }

    static string ThisFile([CallerFilePath] string path = "") => path;
}
