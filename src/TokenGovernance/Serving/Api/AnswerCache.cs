using System.Text;
using TokenGovernance.Serving.Http;
using TokenGovernance.Storage;

namespace TokenGovernance.Serving.Api;

/// <summary>Keeps answers until the store changes: pages that ask every few seconds cost nothing while nothing happens.</summary>
/// <param name="store">The store.</param>
/// <param name="time">The clock.</param>
sealed class AnswerCache(IStore store, TimeProvider time)
{
    const int MaxBytes = 4 << 20;

    readonly Lock _lock = new();
    readonly Dictionary<string, HttpAnswer> _answers = new(StringComparer.Ordinal);
    (StoreStamp Store, long Minute) _stamp;
    long _bytes;

    /// <summary>Returns the answer to a question, made anew if the store may have changed. Its tag changes only with its text.</summary>
    /// <param name="question">The path and everything else that the answer depends on.</param>
    /// <param name="make">Makes the text, from the store as it is.</param>
    public HttpAnswer Get(string question, Func<string> make)
    {
        // Before the store is read: what is written meanwhile is seen the next time. Answers also depend on the time.
        var now = time.GetUtcNow();
        var stamp = (Store: store.ReadStamp(now), Minute: now.ToUnixTimeSeconds() / 60);
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
            if (stamp == _stamp && stamp.Store.IsAtRest && answer.Body.Length < MaxBytes)
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
}
