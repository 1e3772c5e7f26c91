using System.Net.Sockets;
using Npgsql;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Fleet;

namespace TokenGovernance.Tests.Fleet;

/// <summary>What a server says becomes a message that says what to do; values of rows, which it repeats in details, are not in it.</summary>
public sealed class PostgresFailureTests
{
    [Theory]
    [InlineData("53100", "could not extend file", "its disk is full (could not extend file)")]
    [InlineData("53300", "sorry, too many clients already", "it has no connection free. See docs/fleet.md on PgBouncer.")]
    [InlineData("57P01", "terminating connection due to administrator command", "the server is restarting or shutting down")]
    [InlineData("57P03", "the database system is starting up", "the server is restarting or shutting down")]
    [InlineData("40P01", "deadlock detected", "it could not take this now (deadlock detected)")]
    [InlineData("08006", "server closed the connection", "server closed the connection.")]
    public void WhatPassesIsNoLoss(string state, string text, string expected) =>
        Explain(state, text).Should().BeOfType<FleetUnreachableException>().Which.Message.Should()
            .StartWith($"postgresql://me@h:5432/d cannot be pushed to now: {expected}").And.EndWith("Nothing is lost: the next push goes on from where the database is.");

    [Theory]
    [InlineData("42501", "permission denied for table usage_events_2026_11", "does not let this user do that: permission denied for table usage_events_2026_11")]
    [InlineData("42P01", "relation \"tg_schema\" does not exist", "Make them with 'token-governance fleet init'")]
    [InlineData("23514", "no partition of relation \"usage_events\" found for row", "Run 'token-governance fleet init'")]
    [InlineData("22003", "value out of range", "refused what was pushed: value out of range (22003)")]
    public void WhatSomebodyMustDecideIsAFailure(string state, string text, string expected) =>
        Explain(state, text).Should().BeOfType<UserFacingException>().Which.Message.Should().Contain(expected).And.NotContain("agent:main:direct");

    [Theory]
    [InlineData("57014", "canceling statement due to statement timeout", "an answer takes longer than 300 seconds, or was ended there. Ask for a shorter time, such as --since 7d.")]
    [InlineData("57P01", "terminating connection due to administrator command", "the server is restarting or shutting down, or the connection was ended there.")]
    public void WhoReadsIsToldNothingOfPushes(string state, string text, string expected) =>
        Explain(state, text, isReading: true).Should().BeOfType<FleetUnreachableException>().Which.Message.Should().Be($"postgresql://me@h:5432/d cannot be read now: {expected}");

    [Fact]
    public void TheNetworkIsNamed() =>
        new PostgresFailure(Address, WasOpen: false).Explain(new NpgsqlException("Failed to connect", new SocketException((int)SocketError.ConnectionRefused)))
            .Should().BeOfType<FleetUnreachableException>().Which.Message.Should().Contain("Connection refused");

    [Fact]
    public void WhatIsNoFailureOfTheDatabaseIsLeftAlone() => new PostgresFailure(Address, WasOpen: true).Explain(new InvalidOperationException()).Should().BeNull();

    static PostgresAddress Address => PostgresAddress.TryParse("postgresql://me@h/d", out var address, out _) ? address : throw new FormatException();

    static Exception? Explain(string state, string text, bool isReading = false) =>
        new PostgresFailure(Address, WasOpen: true, isReading).Explain(new PostgresException(text, "ERROR", "ERROR", state, detail: "Failing row contains (agent:main:direct:+43)."));
}
