using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace TokenGovernance.Serving.Http;

/// <summary>One client: its requests, one after another, and their answers.</summary>
/// <param name="socket">The connection; closed at the end.</param>
/// <param name="limits">Sizes and times.</param>
/// <param name="answer">Answers a request; it does not throw.</param>
sealed class HttpConnection(Socket socket, HttpLimits limits, Func<HttpRequest, Task<HttpAnswer>> answer) : IDisposable
{
    readonly byte[] _buffer = new byte[limits.HeadBytes];
    int _filled;
    volatile bool _isWaiting = true;

    /// <summary>No request is here whole: nothing is lost to an honest client that must connect again.</summary>
    public bool IsWaiting => _isWaiting;

    /// <summary>Ends when the client goes, takes too long, or is not to be trusted.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (await ReadHeadAsync(stop) is var end and > 0)
            {
                _isWaiting = false;
                var refusal = RequestParser.Parse(_buffer.AsSpan(0, end), out var request);
                var reply = refusal ?? await answer(request!);
                var goesOn = request is { KeepAlive: true } && !reply.Closes;
                await SendAsync(reply, request is { IsHead: true }, goesOn, stop);
                if (!goesOn)
                {
                    await LingerAsync(stop);

                    return;
                }

                _buffer.AsSpan(end, _filled - end).CopyTo(_buffer);
                _filled -= end;
                _isWaiting = true;
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went, or was too slow, or had to make room for another.
        }
    }

    public void Dispose() => socket.Dispose();

    /// <summary>Reads until a head is there whole; returns its length, 0 where none will come.</summary>
    async Task<int> ReadHeadAsync(CancellationToken stop)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(stop);
        time.CancelAfter(_filled > 0 ? limits.Head : limits.Idle);
        var seen = 0;
        while (true)
        {
            var end = _buffer.AsSpan(seen, _filled - seen).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                return seen + end + 4;
            }

            if (_filled == _buffer.Length)
            {
                await SendAsync(HttpAnswer.Text(431, "The request is too long."), isHead: false, goesOn: false, stop);
                await LingerAsync(stop);

                return 0;
            }

            seen = Math.Max(0, _filled - 3);
            var count = await socket.ReceiveAsync(_buffer.AsMemory(_filled), time.Token);
            if (count == 0)
            {
                return 0;
            }

            if (_filled == 0)
            {
                time.CancelAfter(limits.Head);
            }

            _filled += count;
        }
    }

    async Task SendAsync(HttpAnswer reply, bool isHead, bool goesOn, CancellationToken stop)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(stop);
        time.CancelAfter(limits.Answer);
        var head = Encoding.ASCII.GetBytes(HeadOf(reply, goesOn));
        byte[] whole = isHead || reply.Status == 304 ? head : [.. head, .. reply.Body.Span];
        for (var sent = 0; sent < whole.Length;)
        {
            sent += await socket.SendAsync(whole.AsMemory(sent), time.Token);
        }
    }

    /// <summary>Takes what was sent beyond the request before closing: else the client would be reset and never see the answer.</summary>
    async Task LingerAsync(CancellationToken stop)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(stop);
        time.CancelAfter(TimeSpan.FromSeconds(1));
        _isWaiting = true;
        socket.Shutdown(SocketShutdown.Send);
        for (var left = 1 << 20; left > 0;)
        {
            var count = await socket.ReceiveAsync(_buffer, time.Token);
            left = count == 0 ? 0 : left - count;
        }
    }

    static string HeadOf(HttpAnswer reply, bool goesOn)
    {
        var head = new StringBuilder();
        void Add(string name, string value) => head.Append(name).Append(": ").Append(value).Append("\r\n");

        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {reply.Status} {HttpAnswer.ReasonOf(reply.Status)}\r\n");
        Add("Date", DateTimeOffset.UtcNow.ToString("r", CultureInfo.InvariantCulture));
        if (reply.Status != 304)
        {
            Add("Content-Type", reply.ContentType);
            Add("Content-Length", reply.Body.Length.ToString(CultureInfo.InvariantCulture));
        }

        if (reply.ETag is { } tag)
        {
            Add("ETag", tag);
        }

        Add("Cache-Control", reply.ETag is null ? "no-store" : "no-cache, private");
        foreach (var (name, value) in SecurityHeaders.All.Concat(reply.Headers))
        {
            Add(name, value);
        }

        Add("Connection", goesOn ? "keep-alive" : "close");

        return head.Append("\r\n").ToString();
    }
}
