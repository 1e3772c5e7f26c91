using TokenGovernance.Domain;
using TokenGovernance.Serving.Http;

namespace TokenGovernance.Serving;

/// <summary>All that is served: which path gives what, and what becomes of failures.</summary>
/// <param name="gate">Who is answered.</param>
/// <param name="routes">Answers by path.</param>
/// <param name="tell">Is told of internal errors.</param>
sealed class Site(Gate gate, IReadOnlyDictionary<string, Func<HttpRequest, HttpAnswer>> routes, Action<string> tell) : IDisposable
{
    /// <summary>Answers read the store and add up: more at a time would only wait for the processor, and hold more memory.</summary>
    readonly SemaphoreSlim _working = new(2);

    /// <summary>Answers a request; never throws.</summary>
    public async Task<HttpAnswer> AnswerAsync(HttpRequest request)
    {
        if (gate.Refuse(request) is { } refusal)
        {
            return refusal;
        }

        if (!routes.TryGetValue(request.Path, out var route))
        {
            return HttpAnswer.Text(404, $"There is nothing here. Paths: {string.Join(" ", routes.Keys.Order(StringComparer.Ordinal))}");
        }

        await _working.WaitAsync();
        try
        {
            return IfChanged(request, route(request));
        }
        catch (UserFacingException e)
        {
            return HttpAnswer.Text(503, e.Message);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            tell($"internal error while answering {request.Path} ({e.GetType().Name}: {e.Message})");

            return HttpAnswer.Text(500, "Internal error; the log of token-governance says more.");
        }
        finally
        {
            _working.Release();
        }
    }

    public void Dispose() => _working.Dispose();

    /// <summary>What the client has already is not sent again.</summary>
    static HttpAnswer IfChanged(HttpRequest request, HttpAnswer answer) =>
        answer.ETag is { } tag && request.Header("if-none-match")?.Split(',').Any(known => known.Trim().TrimStart('W', '/') == tag) is true
            ? answer with { Status = 304 }
            : answer;
}
