using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TokenGovernance.Configuration;

/// <summary>Where a PostgreSQL database is: `postgresql://user@host:5432/name?sslmode=verify-full`. It never holds a password.</summary>
sealed record PostgresAddress
{
    public const string Form = "an address such as postgresql://user@host/name";

    const int DefaultPort = 5432;

    static readonly string[] Schemes = ["postgresql://", "postgres://"];

    /// <summary>What may follow the name of the database, as libpq calls it.</summary>
    static readonly string[] KnownParameters = ["host", "port", "user", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name"];

    PostgresAddress(string host, int port, string? user, string? database, IReadOnlyDictionary<string, string> parameters) =>
        (Host, Port, User, Database, Parameters) = (host, port, user, database, parameters);

    /// <summary>A name, an address, or the folder of a Unix socket.</summary>
    public string Host { get; }

    public int Port { get; }

    /// <summary>NULL: the system's user.</summary>
    public string? User { get; }

    /// <summary>NULL: it is named like the user.</summary>
    public string? Database { get; }

    public IReadOnlyDictionary<string, string> Parameters { get; }

    /// <summary>True if a text is meant as an address instead of a path.</summary>
    public static bool IsMeantBy(string text) => Array.Exists(Schemes, scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads an address.</summary>
    /// <param name="text">What was written. It is not repeated in a message: it may hold a password.</param>
    /// <param name="address">The address.</param>
    /// <param name="problem">What is wrong with it, to follow the name of the setting.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out PostgresAddress? address, [NotNullWhen(false)] out string? problem)
    {
        address = null;
        if (!IsMeantBy(text) || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Fragment.Length > 0)
        {
            problem = $"takes {Form}";

            return false;
        }

        if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
        {
            problem = "must not hold a password: use password-file, $PGPASSWORD or ~/.pgpass";

            return false;
        }

        var parameters = ReadParameters(uri.Query);
        if (parameters.Keys.FirstOrDefault(key => !KnownParameters.Contains(key)) is { } unknown)
        {
            problem = unknown is "password" ? "must not hold a password: use password-file, $PGPASSWORD or ~/.pgpass"
                : $"does not know the parameter '{unknown}'. Known: {string.Join(", ", KnownParameters)}";

            return false;
        }

        problem = null;
        address = new PostgresAddress(
            parameters.GetValueOrDefault("host") ?? (uri.Host.Length > 0 ? uri.Host.Trim('[', ']') : "localhost"),
            PortOf(parameters.GetValueOrDefault("port")) ?? (uri.Port > 0 ? uri.Port : DefaultPort),
            parameters.GetValueOrDefault("user") ?? NullIfEmpty(Uri.UnescapeDataString(uri.UserInfo)),
            parameters.GetValueOrDefault("dbname") ?? NullIfEmpty(Uri.UnescapeDataString(uri.AbsolutePath.Trim('/'))),
            parameters);

        return true;
    }

    public bool Equals(PostgresAddress? other) => other is not null && ToString() == other.ToString()
        && Parameters.Count == other.Parameters.Count && Parameters.All(pair => other.Parameters.GetValueOrDefault(pair.Key) == pair.Value);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>How messages name it.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"postgresql://{(User is null ? "" : $"{User}@")}{(Host.StartsWith('/') ? "" : Host)}:{Port}/{Database}{(Host.StartsWith('/') ? $"?host={Host}" : "")}");

    static Dictionary<string, string> ReadParameters(string query)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = pair.Split('=', 2) is [var left, var right] ? (left, right) : (pair, "");
            parameters[Uri.UnescapeDataString(key)] = Uri.UnescapeDataString(value);
        }

        return parameters;
    }

    static int? PortOf(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 ? port : null;

    static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
