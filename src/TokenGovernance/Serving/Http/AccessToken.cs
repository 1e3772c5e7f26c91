using System.Security.Cryptography;
using System.Text;
using TokenGovernance.Domain;

namespace TokenGovernance.Serving.Http;

/// <summary>A secret that a client must send: as a bearer token, or, from a browser, as the password of HTTP's basic authentication.</summary>
sealed class AccessToken
{
    const int LeastLength = 16;

    readonly byte[] _hash;

    AccessToken(string token) => _hash = HashOf(token);

    /// <summary>Reads the first line of a file.</summary>
    /// <exception cref="UserFacingException">There is no token in it.</exception>
    public static AccessToken Read(string path)
    {
        try
        {
            return File.ReadLines(path).FirstOrDefault()?.Trim() is { Length: >= LeastLength } token
                ? new AccessToken(token)
                : throw new UserFacingException(
                    $"{path} has no token of at least {LeastLength} characters in its first line. Make one: openssl rand -hex 32 > {path}; chmod 600 {path}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFacingException($"The token file {path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A warning if others on this machine can read the file, or NULL.</summary>
    public static string? FindRisk(string path) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0
            ? $"{path} can be read by everybody on this machine: chmod 600 {path}"
            : null;

    /// <summary>True if an `Authorization` header holds the token. How long that takes says nothing of the token.</summary>
    public bool IsIn(string? header) => header?.Split(' ', 2, StringSplitOptions.TrimEntries) switch
    {
        [var scheme, var token] when scheme.Equals("bearer", StringComparison.OrdinalIgnoreCase) => IsSame(token),
        [var scheme, var encoded] when scheme.Equals("basic", StringComparison.OrdinalIgnoreCase) => IsSame(PasswordOf(encoded)),
        _ => false,
    };

    bool IsSame(string text) => CryptographicOperations.FixedTimeEquals(HashOf(text), _hash);

    static string PasswordOf(string encoded)
    {
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var count))
        {
            return "";
        }

        var text = Encoding.UTF8.GetString(bytes, 0, count);

        return text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }

    static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
