using System.Text;
using TokenGovernance.Serving.Http;

namespace TokenGovernance.Serving.Api;

/// <summary>Keeps answers until the store changes: pages that ask every few seconds cost nothing while nothing happens.</summary>
/// <param name="storePath">The store.</param>
/// <param name="time">The clock.</param>
sealed class AnswerCache(string storePath, TimeProvider time)
{
    const int MaxBytes = 4 << 20;

    /// <summary>The clock of a file system ticks slowly: two writes this close may leave one time.</summary>
    static readonly TimeSpan Tick = TimeSpan.FromSeconds(2);

    readonly Lock _lock = new();
    readonly Dictionary<string, HttpAnswer> _answers = new(StringComparer.Ordinal);
    Stamp _stamp;
    long _bytes;

    /// <summary>Returns the answer to a question, made anew if the store may have changed. Its tag changes only with its text.</summary>
    /// <param name="question">The path and everything else that the answer depends on.</param>
    /// <param name="make">Makes the text, from the store as it is.</param>
    public HttpAnswer Get(string question, Func<string> make)
    {
        // Before the store is read: what is written meanwhile is seen the next time.
        var stamp = Stamp.Of(storePath, time.GetUtcNow());
        lock (_lock)
        {
            if (stamp != _stamp)
            {
                Clear();
                _stamp = stamp;
            }
            else if (_answers.TryGetValue(question, out var known))
            {
                return known;
            }
        }

        var answer = HttpAnswer.Tagged(HttpAnswer.Json, Encoding.UTF8.GetBytes(make()));
        lock (_lock)
        {
            if (stamp == _stamp && stamp.IsAtRest && answer.Body.Length < MaxBytes)
            {
                if (_bytes + answer.Body.Length > MaxBytes)
                {
                    Clear();
                }

                _answers[question] = answer;
                _bytes += answer.Body.Length;
            }
        }

        return answer;
    }

    void Clear()
    {
        _answers.Clear();
        _bytes = 0;
    }

    /// <summary>What the file system says of the store, and the minute: answers also depend on the time.</summary>
    readonly record struct Stamp(long Size, DateTime Written, long WalSize, DateTime WalWritten, long Minute, bool IsAtRest)
    {
        public static Stamp Of(string path, DateTimeOffset now)
        {
            var (file, wal) = (new FileInfo(path), new FileInfo($"{path}-wal"));
            var newest = file.LastWriteTimeUtc > wal.LastWriteTimeUtc ? file.LastWriteTimeUtc : wal.LastWriteTimeUtc;

            return new Stamp(
                file.Exists ? file.Length : -1, file.LastWriteTimeUtc, wal.Exists ? wal.Length : -1, wal.LastWriteTimeUtc,
                now.ToUnixTimeSeconds() / 60, newest < now.UtcDateTime - Tick);
        }
    }
}
