using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Fleet;

/// <summary>Turns what PostgreSQL and the network say into what a user can act on.</summary>
/// <param name="Address">The database.</param>
/// <param name="WasOpen">The connection was there.</param>
/// <param name="IsReading">Something was read, not pushed.</param>
readonly record struct PostgresFailure(PostgresAddress Address, bool WasOpen, bool IsReading = false)
{
    string NothingLost => IsReading ? "" : " Nothing is lost: the next push goes on from where the database is.";

    /// <summary>What to throw instead; NULL: it is no failure of the database.</summary>
    public Exception? Explain(Exception error) => error switch
    {
        PostgresException e => ExplainState(e),
        NpgsqlException { InnerException: PostgresException e } => ExplainState(e),
        NpgsqlException { InnerException: AuthenticationException e } => Unreachable($"TLS was refused: {TextOf(e)} Check sslmode and sslrootcert in the address.", error),
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => Unreachable("it does not answer.", error),
        NpgsqlException { InnerException: SocketException e } => Unreachable($"{TextOf(e)}.", error),
        SocketException e => Unreachable($"{TextOf(e)}.", error),
        NpgsqlException e when e.Message.Contains("password", StringComparison.OrdinalIgnoreCase) =>
            Unreachable("it wants a password: set password_file in [fleet], $PGPASSWORD or ~/.pgpass.", error),
        NpgsqlException e when e.Message.Contains("SSL", StringComparison.Ordinal) => Unreachable($"TLS was refused: {TextOf(e)} Check sslmode in the address.", error),
        NpgsqlException or IOException or ObjectDisposedException => Unreachable(WasOpen ? "the connection was lost." : $"{TextOf(error)}.", error),
        _ => null,
    };

    UserFacingException ExplainState(PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => Unreachable(
            $"it refuses this user ({TextOf(e)}). Check the user in the address and the password in password_file, $PGPASSWORD or ~/.pgpass.", e),
        PostgresErrorCodes.InvalidCatalogName => Unreachable($"{TextOf(e)}. Make it with createdb, or name another one.", e),
        PostgresErrorCodes.ReadOnlySqlTransaction => Unreachable(
            "it may only be read: a standby, or default_transaction_read_only is on. Name the primary server in the address.", e),
        PostgresErrorCodes.DiskFull => Unreachable($"its disk is full ({TextOf(e)}).", e),
        PostgresErrorCodes.TooManyConnections => Unreachable("it has no connection free. See docs/fleet.md on PgBouncer.", e),
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow => Unreachable(
            "the server is restarting or shutting down, or the connection was ended there.", e),
        PostgresErrorCodes.QueryCanceled when IsReading => Unreachable(
            $"an answer takes longer than {FleetTarget.ReadSeconds} seconds, or was ended there. Ask for a shorter time, such as --since 7d.", e),
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled =>
            Unreachable($"it could not {(IsReading ? "answer" : "take this")} now ({TextOf(e)}).", e),
        PostgresErrorCodes.InsufficientPrivilege when IsReading => new UserFacingException(
            $"{Address} does not let this user read that: {TextOf(e)}. Let the owner of the tables grant it: GRANT SELECT ON tg_schema, tg_nodes, usage_events, provider_usage_snapshots.", e),
        PostgresErrorCodes.InsufficientPrivilege => new UserFacingException(
            $"{Address} does not let this user do that: {TextOf(e)}. Grant it, or run 'token-governance fleet init' as the owner; docs/fleet.md says which rights a node needs.{NothingLost}", e),
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName => new UserFacingException(
            $"{Address} has no tables of a fleet ({TextOf(e)}). Make them with 'token-governance fleet init'.", e),
        PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedFunction => new UserFacingException(
            $"The tables in {Address} are not those that this version makes ({TextOf(e)}). Run 'token-governance fleet init'; it needs PostgreSQL 14 or later.", e),
        PostgresErrorCodes.CheckViolation => new UserFacingException(
            $"{Address} has no partition for a row and no default one: {TextOf(e)}. Run 'token-governance fleet init'.{NothingLost}", e),
        _ when e.SqlState.StartsWith("08", StringComparison.Ordinal) || e.SqlState.StartsWith("57P", StringComparison.Ordinal)
            || e.SqlState.StartsWith("53", StringComparison.Ordinal) || e.SqlState.StartsWith("58", StringComparison.Ordinal) || !WasOpen =>
            Unreachable($"{TextOf(e)}.", e),
        _ => new UserFacingException($"{Address} refused what was {(IsReading ? "asked" : "pushed")}: {TextOf(e)} ({e.SqlState}).{NothingLost}", e),
    };

    FleetUnreachableException Unreachable(string why, Exception error) =>
        new($"{Address} cannot be {(IsReading ? "read" : "pushed to")} now: {why}{NothingLost}", error);

    /// <summary>What the server says, in one line; details are left out, for they repeat values.</summary>
    static string TextOf(Exception error) =>
        PrintableText.Of((error is PostgresException e ? e.MessageText : error.Message).ReplaceLineEndings(" ").TrimEnd('.'));
}
