namespace TokenGovernance.Tests.Sources.OpenClaw.Status;

/// <summary>A folder that is gone after the test.</summary>
sealed class StatusFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tg-status-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
