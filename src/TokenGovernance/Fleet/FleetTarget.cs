using Npgsql;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;

namespace TokenGovernance.Fleet;

/// <summary>The fleet's database, and how it is reached.</summary>
/// <remarks>
///     Connections are not kept: between two pushes a node costs the server nothing. Nothing is asked of a session that
///     PgBouncer would not keep over a transaction.
/// </remarks>
sealed class FleetTarget : IAsyncDisposable
{
    /// <summary>The longest that one question of a reader may take.</summary>
    public const int ReadSeconds = 300;

    const int ConnectSeconds = 15, CommandSeconds = 600;

    readonly NpgsqlDataSource _source;

    /// <param name="address">Where it is.</param>
    /// <param name="passwordFile">Full path of a file whose first line is the password; NULL: `$PGPASSWORD`, else `~/.pgpass`.</param>
    public FleetTarget(PostgresAddress address, string? passwordFile)
    {
        Address = address;
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = address.Host,
            Port = address.Port,
            Username = address.User ?? Environment.GetEnvironmentVariable("PGUSER") ?? Environment.UserName,
            Database = address.Database,
            Timeout = ConnectSeconds,
            CommandTimeout = CommandSeconds,
            ApplicationName = address.Parameters.GetValueOrDefault("application_name") ?? "token-governance",
            Pooling = false,
            NoResetOnClose = true,
        };
        try
        {
            Apply(address, settings);
            settings.Password = passwordFile is null ? null : ReadPassword(passwordFile);
            var builder = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString);
            builder.EnableTransportSecurity();
            builder.EnableArrays();
            builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
            _source = builder.Build();
        }
        catch (ArgumentException e)
        {
            throw new UserFacingException($"The address {address} cannot be used: {e.Message}", e);
        }
    }

    public PostgresAddress Address { get; }

    /// <summary>Does something in the fleet's database; what fails becomes a message that a user can act on.</summary>
    /// <exception cref="FleetUnreachableException">It cannot be reached, or takes nothing now.</exception>
    /// <exception cref="UserFacingException">Somebody has to do something about it; the message says what.</exception>
    public async Task<T> DoAsync<T>(Func<NpgsqlConnection, Task<T>> action, CancellationToken stop)
    {
        var isOpen = false;
        try
        {
            await using var connection = await _source.OpenConnectionAsync(stop);
            isOpen = true;

            return await action(connection);
        }
        catch (Exception e) when (!stop.IsCancellationRequested && new PostgresFailure(Address, isOpen).Explain(e) is { } explained)
        {
            throw explained;
        }
        catch (Exception e) when (stop.IsCancellationRequested && e is not OperationCanceledException)
        {
            throw new OperationCanceledException("The push was ended.", e, stop);
        }
    }

    /// <summary>Reads something from the fleet's database; what fails becomes a message that a user can act on.</summary>
    /// <exception cref="FleetUnreachableException">It cannot be reached, or does not answer.</exception>
    /// <exception cref="UserFacingException">Somebody has to do something about it; the message says what.</exception>
    public T Read<T>(Func<NpgsqlConnection, T> read)
    {
        var isOpen = false;
        try
        {
            using var connection = _source.OpenConnection();
            isOpen = true;

            return read(connection);
        }
        catch (Exception e) when (new PostgresFailure(Address, isOpen, IsReading: true).Explain(e) is { } explained)
        {
            throw explained;
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    static void Apply(PostgresAddress address, NpgsqlConnectionStringBuilder settings)
    {
        foreach (var (key, value) in address.Parameters)
        {
            switch (key)
            {
                case "sslmode":
                    settings.SslMode = Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode)
                        ? mode
                        : throw new ArgumentException($"sslmode takes disable, allow, prefer, require, verify-ca or verify-full, not '{value}'");
                    break;
                case "sslrootcert":
                    settings.RootCertificate = value;
                    break;
                case "sslcert":
                    settings.SslCertificate = value;
                    break;
                case "sslkey":
                    settings.SslKey = value;
                    break;
                case "connect_timeout":
                    settings.Timeout = int.TryParse(value, out var seconds) && seconds > 0 ? seconds : throw new ArgumentException("connect_timeout takes seconds");
                    break;
                default:
                    break;
            }
        }
    }

    static string ReadPassword(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            var password = reader.ReadLine()?.TrimEnd();

            return string.IsNullOrEmpty(password) ? throw new UserFacingException($"The password file {path} is empty: its first line is the password.") : password;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFacingException($"The password file {path} cannot be read: {e.Message}", e);
        }
    }
}
