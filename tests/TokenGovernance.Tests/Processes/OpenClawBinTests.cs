using TokenGovernance.Processes;
using TokenGovernance.Tests.Sources.OpenClaw.Status;

namespace TokenGovernance.Tests.Processes;

public sealed class OpenClawBinTests : IDisposable
{
    readonly StatusFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheFirstOnThePathIsTaken()
    {
        var second = Directory.CreateDirectory(_folder["second"]).FullName;
        var program = FakeOpenClaw.Replaying(_folder, "9.6-creds-gw");
        File.Copy(program, Path.Combine(second, Path.GetFileName(program)));

        OpenClawBin.TryFind(null, string.Join(Path.PathSeparator, _folder["none"], _folder.Path, second)).Should().Be(program);
    }

    [Fact]
    public void APathIsTakenAsItIs()
    {
        var program = FakeOpenClaw.Replaying(_folder, "9.6-creds-gw");

        OpenClawBin.TryFind(program, searchPath: null).Should().Be(program);
    }

    [Fact]
    public void ANameIsLookedForOnThePath()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var program = FakeOpenClaw.Running(_folder, "exit 0", name: "openclaw-beta");

        OpenClawBin.TryFind("openclaw-beta", _folder.Path).Should().Be(program);
        OpenClawBin.TryFind(null, _folder.Path).Should().BeNull();
    }

    [Fact]
    public void WhatMayNotBeRunIsNotTaken()
    {
        File.WriteAllText(_folder["openclaw"], "just text");

        OpenClawBin.TryFind(null, _folder.Path).Should().BeNull();
    }

    [Fact]
    public void ARelativeFolderIsNoPlaceToRunFrom()
    {
        FakeOpenClaw.Replaying(_folder, "9.6-creds-gw");
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), _folder.Path);

        OpenClawBin.TryFind(null, relative).Should().BeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void WithoutAPathThereIsNothingToFind(string? searchPath) => OpenClawBin.TryFind(null, searchPath).Should().BeNull();
}
