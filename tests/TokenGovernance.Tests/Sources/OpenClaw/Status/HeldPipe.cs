using System.Text;

namespace TokenGovernance.Tests.Sources.OpenClaw.Status;

/// <summary>A named pipe held open by processes: its end is the end of the last of them. Not on Windows.</summary>
sealed class HeldPipe
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task _ended;

    public HeldPipe(StatusFolder folder)
    {
        Path = folder["life-line"];
        FakeOpenClaw.Run("mkfifo", "", Path);
        _ended = Task.Factory.StartNew(Watch, TaskCreationOptions.LongRunning);
    }

    public string Path { get; }

    /// <summary>Shell words: a child of the program that would live for long.</summary>
    public string LongLivedChild => $"(echo started; exec sleep 600) > '{Path}' &";

    public Task Started => _started.Task.WaitAsync(Patience);

    public Task Ended => _ended.WaitAsync(Patience);

    void Watch()
    {
        using var pipe = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        using var reader = new StreamReader(pipe, Encoding.ASCII);
        if (reader.ReadLine() is not null)
        {
            _started.SetResult();
        }

        reader.ReadToEnd();
    }
}
