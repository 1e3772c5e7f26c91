using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace TokenGovernance.Tests.Architecture;

/// <summary>Which room may use which: the <see cref="Rooms">table</see> held against the built program and its folders.</summary>
public sealed partial class ArchitectureTests
{
    const string Root = "TokenGovernance";

    static readonly string Source = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "src", Root));

    [Fact]
    public void EveryArrowIsInTheTableOrToBeMended()
    {
        var forbidden = FindUses().Where(use => !Rooms.Allows(use.From, use.To)).Select(ArrowOf).Distinct();

        forbidden.Should().BeEquivalentTo(Rooms.ToBeMended);
    }

    [Fact]
    public void EveryFolderAndEveryNamespaceIsARoomOfTheTable()
    {
        string[] rooms = [.. Rooms.Table.Select(row => row.Room)];
        var folders = Files().Select(RoomOf).Distinct().ToList();

        rooms.Should().OnlyHaveUniqueItems();
        folders.Should().BeEquivalentTo(rooms);
        BuiltProgram.FindRooms().Should().BeEquivalentTo(rooms);
    }

    [Fact]
    public void NoRoomOfTheTableMayUseALaterOne()
    {
        foreach (var (index, (room, mayUse)) in Rooms.Table.Index())
        {
            foreach (var name in mayUse)
            {
                Rooms.Table.Take(index).Should().Contain(row => Rooms.Matches(name, row.Room), $"{room} may use {name}");
                Rooms.Table.Skip(index + 1).Should().NotContain(row => name != "*" && Rooms.Matches(name, row.Room), $"{room} may use {name}");
            }
        }
    }

    [Fact]
    public void SourcesAndTheStoreNeverMeet()
    {
        var both = FindUses()
            .Where(use => !Rooms.MayUseSourcesAndStorage.Contains(use.From))
            .GroupBy(use => (use.From, use.User))
            .Where(uses => uses.Any(use => Rooms.Matches("Sources.*", use.To)) && uses.Any(use => Rooms.Matches("Storage.*", use.To)))
            .Select(uses => $"{uses.Key.From}/{uses.Key.User}");

        both.Should().BeEquivalentTo(Rooms.ToBeSplit);
    }

    /// <summary>A reader that misses arrows would prove nothing: these stand in a base type, a field, a generic argument, a body.</summary>
    [Theory]
    [InlineData("Sources.OpenClaw.Transcripts", "TranscriptSource", "IUsageSource")]
    [InlineData("Storage.Rollup", "RollupReader", "SqliteRows")]
    [InlineData("Collection", "Homes", "IUsageSource")]
    [InlineData("Program", "Program", "CommandLine")]
    public void ArrowsOfEveryKindAreSeen(string from, string user, string used) =>
        BuiltProgram.FindUses().Should().Contain(use => use.From == from && use.User == user && use.Used == used);

    [Fact]
    public void EveryFileIsInTheNamespaceOfItsFolder()
    {
        foreach (var file in Files().Where(file => RoomOf(file) is not "Program"))
        {
            File.ReadAllText(file).Should().Contain($"namespace {Root}.{RoomOf(file)};", $"of {file}");
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

    /// <summary>What the built program shows, and `using` lines: a constant leaves no trace in what is built.</summary>
    static IEnumerable<BuiltProgram.Use> FindUses() =>
        BuiltProgram.FindUses().Concat(
            from file in Files()
            from Match line in UsingLine().Matches(File.ReadAllText(file))
            let to = Rooms.OfName(line.Groups["name"].Value)
            where to != RoomOf(file)
            select new BuiltProgram.Use(RoomOf(file), to, Path.GetFileNameWithoutExtension(file), "using"));

    static string ArrowOf(BuiltProgram.Use use) => $"{use.From}/{use.User} → {use.To}";

    static List<string> Files()
    {
        var files = Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(Source, file).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"))
            .ToList();
        files.Should().HaveCountGreaterThan(30);

        return files;
    }

    /// <summary>The folder as a namespace: `Sources.Files`. A file beside `Program.cs` is a room of its own name.</summary>
    static string RoomOf(string file)
    {
        var folder = Path.GetRelativePath(Source, Path.GetDirectoryName(file)!);

        return folder is "." ? Path.GetFileNameWithoutExtension(file) : folder.Replace(Path.DirectorySeparatorChar, '.');
    }

    [GeneratedRegex(@"^\s*(?:global )?using (?:static |\w+ = )?TokenGovernance\.(?<name>[\w.]+);", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"\bFile\.|\bDirectory\.|\bConsole\.|\bProcess\.|\bStream\b|Sqlite")]
    private static partial Regex InputOrOutput();

    static string ThisFile([CallerFilePath] string path = "") => path;
}
