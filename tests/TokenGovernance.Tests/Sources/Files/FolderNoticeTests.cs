using TokenGovernance.Sources.Files;

namespace TokenGovernance.Tests.Sources.Files;

/// <summary>What Linux tells of changes in folders. Where it tells nothing, everything is to be looked at.</summary>
public sealed class FolderNoticeTests : IDisposable
{
    readonly TempFolder _folder = new();
    readonly IFolderNotices _notices = FolderNotices.Open();

    public void Dispose()
    {
        _notices.Dispose();
        _folder.Dispose();
    }

    /// <summary>The temporary folder may be on a file system that tells nothing, or this may not be Linux.</summary>
    bool AreTold => FileSystemType.TellsAll(_folder.Path);

    [Fact]
    public void AtFirstAnyNameCouldHaveBeenTouched() => Take(_notices.Watch(_folder.Path)).Should().BeNull();

    [Fact]
    public void WhatIsMadeWrittenRenamedAndRemovedIsToldOnceEach()
    {
        File.WriteAllText(_folder["old"], "");
        File.WriteAllText(_folder["gone"], "");
        var notice = _notices.Watch(_folder.Path);
        Take(notice);

        File.AppendAllText(_folder["new"], "a");
        File.AppendAllText(_folder["new"], "b");
        File.Move(_folder["old"], _folder["renamed"]);
        File.Delete(_folder["gone"]);

        var names = Take(notice);
        (names?.Order()).Should().Equal(AreTold ? ["gone", "new", "old", "renamed"] : null);
        (Take(notice)?.Count).Should().Be(AreTold ? 0 : null);
    }

    [Fact]
    public void AFolderThatAppearsLaterIsWatchedFromThenOn()
    {
        var notice = _notices.Watch(_folder["late"]);
        Take(notice).Should().BeNull();
        Take(notice).Should().BeNull();

        Directory.CreateDirectory(_folder["late"]);
        Take(notice).Should().BeNull("what came before it was watched is not known");
        File.WriteAllText(_folder["late/a"], "");

        (Take(notice)?.Single()).Should().Be(AreTold ? "a" : null);
    }

    [Fact]
    public void AFolderThatIsRenamedOrRemovedCouldHoldAnything()
    {
        Directory.CreateDirectory(_folder["a"]);
        var notice = _notices.Watch(_folder["a"]);
        Take(notice);

        Directory.Move(_folder["a"], _folder["b"]);

        Take(notice).Should().BeNull();
        Take(notice).Should().BeNull();
    }

    [Fact]
    public void TwoPathsToOneFolderAreBothTold()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Directory.CreateDirectory(_folder["a"]);
        File.CreateSymbolicLink(_folder["link"], _folder["a"]);
        var (one, other) = (_notices.Watch(_folder["a"]), _notices.Watch(_folder["link"]));
        Take(one);
        Take(other);

        File.WriteAllText(_folder["a/x"], "");

        _notices.Collect();
        (one.Take()?.Single(), other.Take()?.Single()).Should().Be(AreTold ? ("x", "x") : (null, null));
    }

    [Fact]
    public void MoreThanTheSystemRemembersMeansThatItCouldBeAny()
    {
        var notice = _notices.Watch(_folder.Path);
        Take(notice);
        using var one = File.OpenHandle(_folder["one"], FileMode.Create, FileAccess.Write);
        using var other = File.OpenHandle(_folder["other"], FileMode.Create, FileAccess.Write);
        for (var i = 0; i < 20_000; i++)
        {
            RandomAccess.Write(i % 2 == 0 ? one : other, "x"u8, 0);
        }

        Take(notice).Should().BeNull();
    }

    [Fact]
    public async Task AWaitEndsWithTheFirstChange()
    {
        if (!AreTold)
        {
            return;
        }

        _notices.Watch(_folder.Path);
        _notices.Collect();
        var wait = _notices.WaitAsync(TimeSpan.FromMinutes(10), CancellationToken.None);
        wait.IsCompleted.Should().BeFalse();

        File.WriteAllText(_folder["a"], "");

        (await wait).Should().BeTrue();
    }

    [Fact]
    public void OfAFileSystemThatTellsNothingTheTypeIsNamed()
    {
        if (OperatingSystem.IsLinux())
        {
            FileSystemType.TellsAll("/proc").Should().BeFalse();
            FileSystemType.FindSilent("/proc").Should().Contain("0x9fa0");
            FileSystemType.FindSilent(_folder["nothing"]).Should().BeNull();
        }
    }

    IReadOnlyCollection<string>? Take(FolderNotice notice)
    {
        _notices.Collect();

        return notice.Take();
    }
}
