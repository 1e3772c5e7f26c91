using System.Net;
using TokenGovernance.Daemon;
using TokenGovernance.Serving.Http;

namespace TokenGovernance.Serving.Passes;

/// <summary>Serves beside the passes. Where it cannot listen yet, collecting goes on and it is tried again.</summary>
/// <param name="address">Where to listen.</param>
/// <param name="makeSite">Makes what is served.</param>
/// <param name="tell">Is told where it listens.</param>
sealed class ServeTask(IPEndPoint address, Func<Site> makeSite, Action<IPEndPoint> tell) : IPassTask, IAsyncDisposable
{
    Site? _site;
    HttpServer? _server;

    public string Name => $"serving at {address}";

    /// <summary>So that something can be seen while a long first pass goes on.</summary>
    public void BeforePass() => Start();

    public void AfterPass(PassDone pass) => Start();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _site?.Dispose();
    }

    void Start()
    {
        if (_server is null)
        {
            _site ??= makeSite();
            _server = HttpServer.Start(address, new HttpLimits(), _site.AnswerAsync);
            tell(_server.Address);
        }
    }
}
