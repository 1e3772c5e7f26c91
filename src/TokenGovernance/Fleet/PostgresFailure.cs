using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Fleet;

/// <summary>Turns what PostgreSQL and the network say into what a user can act on.</summary>
static class PostgresFailure
{
    const string NothingLost = "Nothing is lost: the next push goes on from where the database is.";

    /// <summary>What to throw instead; NULL: it is no failure of the database.</summary>
    /// <param name="error">What happened.</param>
    /// <param name="address">The database.</param>
    /// <param name="wasOpen">The connection was there.</param>
    public static Exception? Explain(Exception error, PostgresAddress address, bool wasOpen) => error switch
    {
        PostgresException e => Explain(e, address, wasOpen),
        NpgsqlException { InnerException: PostgresException e } => Explain(e, address, wasOpen),
        NpgsqlException { InnerException: AuthenticationException e } => Unreachable(address, $"TLS was refused: {TextOf(e)} Check sslmode and sslrootcert in the address.", error),
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => Unreachable(address, "it does not answer.", error),
        NpgsqlException { InnerException: SocketException e } => Unreachable(address, $"{TextOf(e)}.", error),
        SocketException e => Unreachable(address, $"{TextOf(e)}.", error),
        NpgsqlException e when e.Message.Contains("password", StringComparison.OrdinalIgnoreCase) =>
            Unreachable(address, "it wants a password: set password_file in [fleet], $PGPASSWORD or ~/.pgpass.", error),
        NpgsqlException e when e.Message.Contains("SSL", StringComparison.Ordinal) => Unreachable(address, $"TLS was refused: {TextOf(e)} Check sslmode in the address.", error),
        NpgsqlException or IOException or ObjectDisposedException => Unreachable(address, wasOpen ? "the connection was lost." : $"{TextOf(error)}.", error),
        _ => null,
    };

    static Exception Explain(PostgresException e, PostgresAddress address, bool wasOpen) => e.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => Unreachable(
            address, $"it refuses this user ({TextOf(e)}). Check the user in the address and the password in password_file, $PGPASSWORD or ~/.pgpass.", e),
        PostgresErrorCodes.InvalidCatalogName => Unreachable(address, $"{TextOf(e)}. Make it with createdb, or name another one.", e),
        PostgresErrorCodes.ReadOnlySqlTransaction => Unreachable(
            address, "it may only be read: a standby, or default_transaction_read_only is on. Name the primary server in the address.", e),
        PostgresErrorCodes.DiskFull => Unreachable(address, $"its disk is full ({TextOf(e)}).", e),
        PostgresErrorCodes.TooManyConnections => Unreachable(address, "it has no connection free. See docs/fleet.md on PgBouncer.", e),
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow => Unreachable(
            address, "the server is restarting or shutting down, or the connection was ended there.", e),
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled =>
            Unreachable(address, $"it could not take this now ({TextOf(e)}).", e),
        PostgresErrorCodes.InsufficientPrivilege => new UserFacingException(
            $"{address} does not let this user do that: {TextOf(e)}. Grant it, or run 'token-governance fleet init' as the owner; docs/fleet.md says which rights a node needs. {NothingLost}", e),
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName => new UserFacingException(
            $"{address} has no tables of a fleet ({TextOf(e)}). Make them with 'token-governance fleet init'.", e),
        PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedFunction => new UserFacingException(
            $"The tables in {address} are not those that this version makes ({TextOf(e)}). Run 'token-governance fleet init'; it needs PostgreSQL 14 or later.", e),
        PostgresErrorCodes.CheckViolation => new UserFacingException(
            $"{address} has no partition for a row and no default one: {TextOf(e)}. Run 'token-governance fleet init'. {NothingLost}", e),
        _ when e.SqlState.StartsWith("08", StringComparison.Ordinal) || e.SqlState.StartsWith("57P", StringComparison.Ordinal)
            || e.SqlState.StartsWith("53", StringComparison.Ordinal) || e.SqlState.StartsWith("58", StringComparison.Ordinal) || !wasOpen =>
            Unreachable(address, $"{TextOf(e)}.", e),
        _ => new UserFacingException($"{address} refused what was pushed: {TextOf(e)} ({e.SqlState}). {NothingLost}", e),
    };

    static FleetUnreachableException Unreachable(PostgresAddress address, string why, Exception error) =>
        new($"{address} cannot be pushed to now: {why} {NothingLost}", error);

    /// <summary>What the server says, in one line; details are left out, for they repeat values.</summary>
    static string TextOf(Exception error) =>
        PrintableText.Of((error is PostgresException e ? e.MessageText : error.Message).ReplaceLineEndings(" ").TrimEnd('.'));
}
