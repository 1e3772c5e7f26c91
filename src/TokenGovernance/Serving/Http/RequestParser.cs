using System.Text;

namespace TokenGovernance.Serving.Http;

/// <summary>Reads the head of a request: strictly, for what two programs read differently is how requests are smuggled.</summary>
static class RequestParser
{
    const string TokenSigns = "!#$%&'*+-.^_`|~";

    /// <summary>Reads a head that is there whole.</summary>
    /// <param name="head">From the first byte of the request up to and with the empty line.</param>
    /// <param name="request">The request, or NULL.</param>
    /// <returns>NULL, or the refusal: then no more may be read from the connection.</returns>
    public static HttpAnswer? Parse(ReadOnlySpan<byte> head, out HttpRequest? request)
    {
        request = null;
        foreach (var b in head)
        {
            if (b is < 0x20 and not (byte)'\r' and not (byte)'\n' and not (byte)'\t' or > 0x7E)
            {
                return Refuse(400, "A request holds ASCII only.");
            }
        }

        var lines = Encoding.ASCII.GetString(head)[..^4].Split("\r\n");
        if (lines.Any(line => line.AsSpan().ContainsAny('\r', '\n')) || lines[0].Split(' ') is not [{ Length: > 0 } method, { Length: > 0 } target, var version])
        {
            return Refuse(400, "This is no HTTP request.");
        }

        if (version is not ("HTTP/1.1" or "HTTP/1.0"))
        {
            return version.StartsWith("HTTP/", StringComparison.Ordinal) ? Refuse(505, "HTTP/1.1 is spoken here.") : Refuse(400, "This is no HTTP request.");
        }

        if (ReadHeaders(lines.AsSpan(1)) is not { } headers)
        {
            return Refuse(400, "A header is not well-formed.");
        }

        if (headers.ContainsKey("transfer-encoding") || headers.GetValueOrDefault("content-length", "0") != "0")
        {
            return Refuse(413, "A request must not have a body: everything here is read only.");
        }

        if (method is not ("GET" or "HEAD"))
        {
            return Refuse(405, "Everything here is read only: GET and HEAD.") with { Headers = [("Allow", "GET, HEAD")] };
        }

        if (target[0] != '/' || !headers.TryGetValue("host", out var host) || HostOf(host) is not { } name)
        {
            return Refuse(400, "A request needs a path and one Host.");
        }

        var question = target.IndexOf('?', StringComparison.Ordinal);
        var connection = headers.GetValueOrDefault("connection", "");
        request = new HttpRequest(
            method,
            question < 0 ? target : target[..question],
            question < 0 ? [] : ReadQuery(target[(question + 1)..]),
            name,
            headers,
            version == "HTTP/1.1" && !connection.Contains("close", StringComparison.OrdinalIgnoreCase));

        return null;
    }

    static Dictionary<string, string>? ReadHeaders(ReadOnlySpan<string> lines)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || !line[..colon].All(c => char.IsAsciiLetterOrDigit(c) || TokenSigns.Contains(c, StringComparison.Ordinal)))
            {
                return null;
            }

            var (name, value) = (line[..colon].ToLowerInvariant(), line[(colon + 1)..].Trim(' ', '\t'));
            if (!headers.TryAdd(name, value))
            {
                if (name is "host" or "content-length" or "authorization")
                {
                    return null;
                }

                headers[name] += $", {value}";
            }
        }

        return headers;
    }

    /// <summary>The host without its port; NULL if it is none.</summary>
    static string? HostOf(string header)
    {
        var end = header.StartsWith('[') ? header.IndexOf(']', StringComparison.Ordinal) + 1 : header.IndexOf(':', StringComparison.Ordinal);
        var (name, port) = end <= 0 ? (header, "") : (header[..end], header[end..]);

        return name.Length > 0 && (port.Length == 0 || (port[0] == ':' && port.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0)) ? name.ToLowerInvariant() : null;
    }

    static List<KeyValuePair<string, string>> ReadQuery(string text)
    {
        var query = new List<KeyValuePair<string, string>>();
        foreach (var part in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var sign = part.IndexOf('=', StringComparison.Ordinal);
            query.Add(sign < 0 ? new(Decode(part), "") : new(Decode(part[..sign]), Decode(part[(sign + 1)..])));
        }

        return query;
    }

    static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    static HttpAnswer Refuse(int status, string text) => HttpAnswer.Text(status, text) with { Closes = true };
}
