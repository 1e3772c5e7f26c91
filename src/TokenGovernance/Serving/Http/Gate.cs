using System.Net;

namespace TokenGovernance.Serving.Http;

/// <summary>Decides who is answered at all: pages of other sites are not, whatever name they give this address.</summary>
/// <param name="address">Where is listened.</param>
/// <param name="allowedHosts">Further names that clients may ask for, such as that of a reverse proxy.</param>
/// <param name="token">What a client must send; NULL: nothing.</param>
sealed class Gate(IPEndPoint address, IEnumerable<string> allowedHosts, AccessToken? token)
{
    readonly HashSet<string> _hosts = new(["localhost", "127.0.0.1", "[::1]", NameOf(address.Address), .. allowedHosts.Select(host => host.ToLowerInvariant())], StringComparer.Ordinal);

    /// <summary>Returns the refusal, or NULL.</summary>
    public HttpAnswer? Refuse(HttpRequest request)
    {
        if (!_hosts.Contains(request.Host))
        {
            return HttpAnswer.Text(421, $"'{request.Host}' is not a name of this server. Allow it with --allow-host.") with { Closes = true };
        }

        if (IsForeign(request))
        {
            return HttpAnswer.Text(403, "Pages of other sites may not ask here.") with { Closes = true };
        }

        return token is null || token.IsIn(request.Header("authorization"))
            ? null
            : HttpAnswer.Text(401, "Send the token: 'Authorization: Bearer …', or as the password.") with
            {
                Headers = [("WWW-Authenticate", "Basic realm=\"token-governance\", charset=\"UTF-8\"")],
            };
    }

    /// <summary>A browser says where a request comes from; other programs do not.</summary>
    bool IsForeign(HttpRequest request) =>
        (request.Header("origin") is { } origin && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && _hosts.Contains(from.Host.ToLowerInvariant())))
        || (request.Header("sec-fetch-site") is "cross-site" or "same-site" && request.Header("sec-fetch-mode") is not "navigate");

    static string NameOf(IPAddress address) => address.ToString() is var name && name.Contains(':', StringComparison.Ordinal) ? $"[{name}]" : name;
}
