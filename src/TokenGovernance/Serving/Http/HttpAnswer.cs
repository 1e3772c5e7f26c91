using System.Security.Cryptography;
using System.Text;

namespace TokenGovernance.Serving.Http;

/// <summary>What is answered to a request.</summary>
/// <param name="Status">The status code.</param>
/// <param name="ContentType">Of the body.</param>
/// <param name="Body">All of it.</param>
sealed record HttpAnswer(int Status, string ContentType, ReadOnlyMemory<byte> Body)
{
    public const string PlainText = "text/plain; charset=utf-8";
    public const string Json = "application/json; charset=utf-8";

    /// <summary>Quoted, as the header has it; NULL: whoever asks again gets it again.</summary>
    public string? ETag { get; init; }

    /// <summary>Headers of this answer alone.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>What was asked cannot be trusted to end where it seems to: no further request is read.</summary>
    public bool Closes { get; init; }

    /// <summary>Whoever asks again with its tag gets it only if it is another one.</summary>
    public static HttpAnswer Tagged(string contentType, byte[] body) => new(200, contentType, body)
    {
        ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 12))}\"",
    };

    /// <summary>One line of text.</summary>
    public static HttpAnswer Text(int status, string text) => new(status, PlainText, Encoding.UTF8.GetBytes($"{text}\n"));

    /// <summary>The words that follow a status code.</summary>
    public static string ReasonOf(int status) => status switch
    {
        200 => "OK",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        413 => "Content Too Large",
        421 => "Misdirected Request",
        431 => "Request Header Fields Too Large",
        503 => "Service Unavailable",
        505 => "HTTP Version Not Supported",
        _ => "Internal Server Error",
    };
}
