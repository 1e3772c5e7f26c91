using TokenGovernance.Sources.Files;

namespace TokenGovernance.Tests.Sources.Files;

/// <summary>The system call's private structure is believed only as long as it says what .NET says.</summary>
public sealed class FileStatTests : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheSystemCallIsUsedWhereItExists() => FileStat.IsNative.Should().Be(!OperatingSystem.IsWindows());

    [Theory]
    [InlineData("file")]
    [InlineData("empty")]
    [InlineData("large")]
    [InlineData("folder")]
    [InlineData("link")]
    [InlineData("missing")]
    public void BothWaysSayTheSame(string name)
    {
        File.WriteAllText(_folder["file"], "x");
        File.WriteAllText(_folder["empty"], "");
        using (var large = File.Create(_folder["large"]))
        {
            large.SetLength(5_000_000_000);
        }

        Directory.CreateDirectory(_folder["folder"]);
        File.CreateSymbolicLink(_folder["link"], _folder["file"]);
        File.SetLastWriteTimeUtc(_folder["file"], new DateTime(2001, 2, 3, 4, 5, 6, 789, DateTimeKind.Utc));
        var path = new StatPath(_folder[name]);

        var (stat, managed) = (FileStat.Of(path), FileStat.OfManaged(path));

        (stat.Kind, stat.ModifiedNs / 100).Should().Be((managed.Kind, managed.ModifiedNs / 100));
        if (stat.Kind is FileKind.File)
        {
            stat.Size.Should().Be(managed.Size);
        }
    }

    [Theory]
    [InlineData("size")]
    [InlineData("time")]
    [InlineData("kind")]
    [InlineData("gone")]
    public void AStructureThatMovedIsNotBelieved(string change)
    {
        File.WriteAllText(_folder["file"], "x");
        FileStat Moved(StatPath path)
        {
            var stat = FileStat.OfManaged(path);

            return change switch
            {
                "size" => stat with { Size = stat.ModifiedNs },
                "time" => stat with { ModifiedNs = stat.Size },
                "kind" => stat with { Kind = FileKind.Other },
                _ => throw new EntryPointNotFoundException(),
            };
        }

        var chosen = FileStat.Choose(Moved, null, _folder["file"]);

        chosen(new StatPath(_folder["file"])).Should().Be(FileStat.OfManaged(new StatPath(_folder["file"])));
        FileStat.Choose(FileStat.OfManaged, _folder["file"]).Should().Be((Func<StatPath, FileStat>)FileStat.OfManaged);
    }
}
