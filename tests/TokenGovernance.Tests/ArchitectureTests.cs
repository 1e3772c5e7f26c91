using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace TokenGovernance.Tests;

/// <summary>Who may know whom: read from the sources themselves.</summary>
public sealed partial class ArchitectureTests
{
    const string Root = "TokenGovernance";

    /// <summary>What each room may know besides itself.</summary>
    static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Domain"] = [],
        ["Text"] = [],
        ["Sqlite"] = ["Domain"],
        ["Zstandard"] = [],
        ["Logging"] = ["Domain", "Text"],
        ["Sources"] = ["Domain", "Sqlite", "Zstandard"],
        ["Storage"] = ["Domain", "Sqlite"],
        ["Export"] = ["Storage", "Domain", "Sqlite"],
        ["Reports"] = ["Storage", "Domain", "Sqlite", "Text"],
        ["Collection"] = ["Sources", "Storage", "Domain"],
        ["Daemon"] = ["Collection", "Sources", "Storage", "Logging", "Domain", "Text"],
        ["Diagnostics"] = ["Collection", "Daemon", "Sources", "Storage", "Domain"],
        ["Cli"] = ["Collection", "Daemon", "Diagnostics", "Export", "Logging", "Reports", "Sources", "Storage", "Domain", "Text"],
        ["Program"] = ["Cli", "Domain"],
    };

    static readonly string Source = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "src", Root));

    [Fact]
    public void EveryRoomKnowsOnlyWhomItMay()
    {
        var wrong = Files().SelectMany(file => KnownRooms(file)
            .Where(known => known != RoomOf(file) && !Arrows[RoomOf(file)].Contains(known))
            .Select(known => $"{Path.GetRelativePath(Source, file)} knows {known}"));

        wrong.Should().BeEmpty();
    }

    [Fact]
    public void SourcesAndStorageNeverMeet()
    {
        Arrows["Sources"].Should().NotContain("Storage");
        Arrows["Storage"].Should().NotContain("Sources");
        Files().Where(file => KnownRooms(file).Intersect(["Sources", "Storage"]).Count() == 2).Select(RoomOf).Distinct()
            .Should().BeSubsetOf(["Collection", "Daemon", "Diagnostics", "Cli"]);
    }

    [Fact]
    public void EveryFileIsInTheNamespaceOfItsFolder()
    {
        foreach (var file in Files().Where(file => RoomOf(file) is not "Program"))
        {
            var folder = Path.GetRelativePath(Source, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');
            File.ReadAllText(file).Should().Contain($"namespace {Root}.{folder};", $"of {file}");
        }
    }

    [Fact]
    public void OneTypeOfOneFileIsNamedLikeTheFile()
    {
        foreach (var file in Files().Where(file => RoomOf(file) is not "Program"))
        {
            File.ReadAllText(file).Should().MatchRegex($@"\b(class|struct|record|interface|enum) {Path.GetFileNameWithoutExtension(file)}\b");
        }
    }

    [Fact]
    public void TheDomainDoesNoInputAndOutput() =>
        Files().Where(file => RoomOf(file) is "Domain").Should().OnlyContain(file => !InputOrOutput().IsMatch(File.ReadAllText(file)));

    static List<string> Files()
    {
        var files = Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(Source, file).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"))
            .ToList();
        files.Should().HaveCountGreaterThan(30);

        return files;
    }

    static string RoomOf(string file) => Path.GetFileNameWithoutExtension(Path.GetRelativePath(Source, file).Split(Path.DirectorySeparatorChar)[0]);

    /// <summary>Rooms that a file names, in a `using` or in full.</summary>
    static IEnumerable<string> KnownRooms(string file) =>
        NamedRoom().Matches(File.ReadAllText(file)).Select(match => match.Groups["room"].Value).Distinct();

    [GeneratedRegex(@"(?:using (?:static )?TokenGovernance\.|TokenGovernance\.|(?<![\w.])(?=(?:Sources|Storage|Export|Collection|Cli)\.[A-Z]))(?<room>Model|Sources|Storage|Export|Collection|Cli)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex NamedRoom();

    [GeneratedRegex(@"\bFile\.|\bDirectory\.|\bConsole\.|\bProcess\.|\bStream\b|Sqlite")]
    private static partial Regex InputOrOutput();

    static string ThisFile([CallerFilePath] string path = "") => path;
}
