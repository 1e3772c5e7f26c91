using System.Net.Sockets;
using System.Text;
using TokenGovernance.Tests.Reports;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>What the real server refuses, and what it says to browsers.</summary>
public sealed class ServeSecurityTests : IDisposable
{
    const string Token = "0123456789abcdef0123456789abcdef";

    readonly ReportScene _scene = new();

    public ServeSecurityTests() => _scene.Collect("docs", "sample-home");

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("evil.example", 421)]
    [InlineData("127.0.0.1.evil.example:80", 421)]
    [InlineData("localhost", 503)]
    [InlineData("LOCALHOST:1234", 503)]
    [InlineData("[::1]:9465", 503)]
    [InlineData("", 400)]
    [InlineData("127.0.0.1:x", 400)]
    public void OnlyNamesOfThisServerAreAnswered(string host, int status)
    {
        using var server = ServerProcess.Start(_scene.Db);

        // 503: answered; nothing says when the last pass of this store ended.
        server.Send($"GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").Status.Should().Be(status);
    }

    [Theory]
    [InlineData("Origin: https://evil.example", 403)]
    [InlineData("Origin: null", 403)]
    [InlineData("Sec-Fetch-Site: cross-site", 403)]
    [InlineData("Origin: http://localhost:9465", 200)]
    [InlineData("Sec-Fetch-Site: same-origin", 200)]
    public void PagesOfOtherSitesAreRefused(string header, int status)
    {
        using var server = ServerProcess.Start(_scene.Db);

        var reply = server.Get("/api/v1/report", header);

        reply.Status.Should().Be(status);
        reply.Headers.Keys.Should().NotContain(name => name.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n", 405)]
    [InlineData("DELETE /api/v1/report HTTP/1.1\r\nHost: localhost\r\n\r\n", 405)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello", 413)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 413)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n folded: yes\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nX\0Y: 1\r\n\r\n", 400)]
    [InlineData("GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData("GET / HTTP/2.0\r\nHost: localhost\r\n\r\n", 505)]
    [InlineData("GET /\r\n\r\n", 400)]
    [InlineData("\u0016\u0003\u0001 hello TLS \r\n\r\n", 400)]
    [InlineData("GET /../../etc/passwd HTTP/1.0\r\nHost: localhost\r\n\r\n", 404)]
    public void WhatIsNoPlainRequestIsRefusedAndTheConnectionClosed(string request, int status)
    {
        using var server = ServerProcess.Start(_scene.Db);

        server.Send(request).Status.Should().Be(status);
        server.Get("/api/v1/report").Status.Should().Be(200, "it goes on");
    }

    [Fact]
    public void AHugeHeadIsRefused()
    {
        using var server = ServerProcess.Start(_scene.Db);

        server.Send($"GET /{new string('a', 20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n").Status.Should().Be(431);
        server.Send($"GET / HTTP/1.1\r\nHost: localhost\r\nX: {new string('a', 1_000_000)}\r\n\r\n").Status.Should().Be(431);
    }

    [Fact]
    public void EveryAnswerTellsBrowsersToRunNothingAndToShowThisNowhereElse()
    {
        using var server = ServerProcess.Start(_scene.Db);

        foreach (var path in new[] { "/api/v1/report", "/healthz", "/none", "/api/v1/report?by=nothing" })
        {
            var headers = server.Get(path).Headers;

            headers["Content-Security-Policy"].Should().StartWith("default-src 'none'; script-src 'self'; style-src 'self';").And.Contain("frame-ancestors 'none'")
                .And.NotContain("unsafe");
            headers["X-Content-Type-Options"].Should().Be("nosniff");
            headers["Referrer-Policy"].Should().Be("no-referrer");
            headers.Keys.Should().NotContain("Set-Cookie").And.NotContain("Server");
        }
    }

    [Fact]
    public void AThousandSlowClientsKeepNobodyOut()
    {
        using var server = ServerProcess.Start(_scene.Db);
        var slow = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 1000; i++)
            {
                var client = server.Connect();
                client.GetStream().Write("GET / HTT"u8);
                slow.Add(client);
            }

            server.Get("/api/v1/report").Status.Should().Be(200);

            // Whoever had to make room is told so by the end of the connection; reading waits for it.
            var closed = slow.Take(1000 - 16).Count(client => IsClosed(client));
            closed.Should().Be(1000 - 16);
            Directory.GetFiles($"/proc/{server.Id}/fd").Length.Should().BeLessThan(300);
        }
        finally
        {
            slow.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public void ASlowClientIsSentAwayAfterTenSeconds()
    {
        using var server = ServerProcess.Start(_scene.Db);
        using var client = server.Connect();
        client.GetStream().Write("GET / HTT"u8);

        IsClosed(client).Should().BeTrue();
    }

    [Fact]
    public void OneConnectionCarriesManyRequests()
    {
        using var server = ServerProcess.Start(_scene.Db);
        var request = $"GET /api/v1/quota HTTP/1.1\r\nHost: localhost\r\n\r\n";

        using var client = server.Connect();
        client.GetStream().Write(Encoding.ASCII.GetBytes($"{request}{request}HEAD /api/v1/quota HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        using var bytes = new MemoryStream();
        client.GetStream().CopyTo(bytes);

        var text = Encoding.UTF8.GetString(bytes.ToArray());
        text.Split("HTTP/1.1 200 OK").Should().HaveCount(4);
        text.Split("\"windows\"").Should().HaveCount(3, "HEAD has no body");
    }

    [Fact]
    public void AnotherAddressNeedsAToken()
    {
        var result = Cli.Run("serve", "--db", _scene.Db, "--listen", "0.0.0.0:0");

        result.ExitCode.Should().Be(2);
        result.Error.Should().Contain("--token-file").And.Contain("openssl rand");
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("Authorization: Bearer wrong", 401)]
    [InlineData($"Authorization: Bearer {Token}x", 401)]
    [InlineData("Authorization: Basic !!", 401)]
    [InlineData($"Authorization: Bearer {Token}", 200)]
    [InlineData("Authorization: Basic bWU6MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", 200)]
    public void WithATokenNobodyIsAnsweredWhoDoesNotSendIt(string? header, int status)
    {
        File.WriteAllText(_scene["token"], $"{Token}\n");
        using var server = ServerProcess.Start(_scene.Db, "--listen", "0.0.0.0:0", "--token-file", _scene["token"]);

        var reply = header is null ? server.Get("/api/v1/report") : server.Get("/api/v1/report", header);

        reply.Status.Should().Be(status);
        reply.Headers.ContainsKey("WWW-Authenticate").Should().Be(status == 401);
    }

    [Fact]
    public void AFileWithoutATokenIsRefused()
    {
        File.WriteAllText(_scene["token"], "short\n");

        Cli.Run("serve", "--db", _scene.Db, "--token-file", _scene["token"]).Should().Match<CliResult>(
            result => result.ExitCode == 1 && result.Error.Contains("no token of at least 16 characters"));
    }

    [Fact]
    public void AFurtherNameIsAnsweredWhereItIsAllowed()
    {
        using var server = ServerProcess.Start(_scene.Db, "--allow-host", "Tokens.example.org");

        server.Send("GET /api/v1/report HTTP/1.1\r\nHost: tokens.example.org\r\nConnection: close\r\n\r\n").Status.Should().Be(200);
    }

    [Fact]
    public void APortThatIsTakenIsNamed()
    {
        using var server = ServerProcess.Start(_scene.Db);

        var result = Cli.Run("serve", "--db", _scene.Db, "--listen", $"127.0.0.1:{server.Port}");

        result.ExitCode.Should().Be(1);
        result.Error.Should().Contain($"127.0.0.1:{server.Port} is taken").And.Contain("--listen");
    }

    static bool IsClosed(TcpClient client)
    {
        try
        {
            return client.GetStream().Read(new byte[64]) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
