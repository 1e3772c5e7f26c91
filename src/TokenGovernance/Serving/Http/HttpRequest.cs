namespace TokenGovernance.Serving.Http;

/// <summary>A request whose head was read whole and is well-formed. It has no body: one that announces a body is refused before.</summary>
/// <param name="Method">`GET` or `HEAD`.</param>
/// <param name="Path">As it was sent, not decoded; begins with a slash.</param>
/// <param name="Query">Names and values, decoded, in their order.</param>
/// <param name="Host">The host of the address that was asked, without its port; an IPv6 address stands in brackets.</param>
/// <param name="Headers">All headers by lower-case name; several of one name are joined by commas.</param>
/// <param name="KeepAlive">The client may ask again on this connection.</param>
sealed record HttpRequest(
    string Method,
    string Path,
    IReadOnlyList<KeyValuePair<string, string>> Query,
    string Host,
    IReadOnlyDictionary<string, string> Headers,
    bool KeepAlive)
{
    public bool IsHead => Method == "HEAD";

    /// <summary>The value of a header; NULL if it was not sent.</summary>
    public string? Header(string lowerCaseName) => Headers.GetValueOrDefault(lowerCaseName);
}
