using System.Net;
using System.Net.Sockets;
using TokenGovernance.Domain;

namespace TokenGovernance.Serving.Http;

/// <summary>A small HTTP/1.1 server for requests without a body. Whoever is slow, or many, costs a bounded amount.</summary>
/// <remarks>Why no library: docs/adr/0011. Nothing outside this folder knows how requests arrive.</remarks>
sealed class HttpServer : IAsyncDisposable
{
    readonly Socket _listener;
    readonly HttpLimits _limits;
    readonly Func<HttpRequest, Task<HttpAnswer>> _answer;
    readonly CancellationTokenSource _stop = new();
    readonly LinkedList<HttpConnection> _connections = [];
    readonly SemaphoreSlim _left = new(0);
    readonly Task _accepting;

    HttpServer(Socket listener, HttpLimits limits, Func<HttpRequest, Task<HttpAnswer>> answer)
    {
        (_listener, _limits, _answer) = (listener, limits, answer);
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where it listens: of port 0 the one that the system chose.</summary>
    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Listens from now on.</summary>
    /// <param name="address">Where.</param>
    /// <param name="limits">Sizes and times.</param>
    /// <param name="answer">Answers a request; it does not throw.</param>
    /// <exception cref="UserFacingException">The address cannot be listened on.</exception>
    public static HttpServer Start(IPEndPoint address, HttpLimits limits, Func<HttpRequest, Task<HttpAnswer>> answer)
    {
        var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(address);
            listener.Listen(64);

            return new HttpServer(listener, limits, answer);
        }
        catch (SocketException e)
        {
            listener.Dispose();

            throw new UserFacingException(
                e.SocketErrorCode is SocketError.AddressAlreadyInUse
                    ? $"{address} is taken: another program listens there ('ss -ltnp' shows which). Choose another port with --listen."
                    : $"{address} cannot be listened on: {e.Message}",
                e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        lock (_connections)
        {
            foreach (var connection in _connections)
            {
                connection.Dispose();
            }
        }
    }

    async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_stop.Token);
                socket.NoDelay = true;
                await MakeRoomAsync();
                Start(new HttpConnection(socket, _limits, _answer));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // A client that is gone already, or no file handles left: others may come later.
                await Task.Delay(100, CancellationToken.None);
            }
        }
    }

    void Start(HttpConnection connection)
    {
        LinkedListNode<HttpConnection> node;
        lock (_connections)
        {
            node = _connections.AddLast(connection);
        }

        _ = Task.Run(async () =>
        {
            await connection.RunAsync(_stop.Token);
            Leave(node);
        });
    }

    /// <summary>Waits while all that are here are being answered; else the one that has waited longest goes.</summary>
    async Task MakeRoomAsync()
    {
        while (true)
        {
            lock (_connections)
            {
                if (_connections.Count < _limits.Connections)
                {
                    return;
                }

                for (var node = _connections.First; node is not null; node = node.Next)
                {
                    if (node.Value.IsWaiting)
                    {
                        // Its own task ends with the socket, and finds the node gone.
                        _connections.Remove(node);
                        node.Value.Dispose();

                        return;
                    }
                }
            }

            await _left.WaitAsync(_stop.Token);
        }
    }

    void Leave(LinkedListNode<HttpConnection> node)
    {
        lock (_connections)
        {
            if (node.List is not null)
            {
                _connections.Remove(node);
            }
        }

        node.Value.Dispose();
        if (_left.CurrentCount == 0)
        {
            _left.Release();
        }
    }
}
