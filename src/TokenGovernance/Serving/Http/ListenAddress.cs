using System.Globalization;
using System.Net;

namespace TokenGovernance.Serving.Http;

/// <summary>Reads where to listen.</summary>
static class ListenAddress
{
    public const string Default = "127.0.0.1:9465";
    public const string Form = "an IP address and a port, such as 127.0.0.1:9465, [::1]:9465 or localhost:9465";

    /// <summary>Returns NULL if the text is no address with a port. A name other than localhost is none: it may come to mean another address.</summary>
    public static IPEndPoint? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 1 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return null;
        }

        var host = text[..colon];
        if (host == "localhost")
        {
            return new IPEndPoint(IPAddress.Loopback, port);
        }

        var isBracketed = host is ['[', .., ']'];

        return IPAddress.TryParse(isBracketed ? host[1..^1] : host, out var address) && isBracketed == host.Contains(':', StringComparison.Ordinal)
            ? new IPEndPoint(address, port)
            : null;
    }

    /// <summary>Only programs of this machine reach it.</summary>
    public static bool IsLocal(IPEndPoint address) => IPAddress.IsLoopback(address.Address);
}
