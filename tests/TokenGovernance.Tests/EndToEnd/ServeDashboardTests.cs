using System.Text.RegularExpressions;
using TokenGovernance.Tests.Reports;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>The page for browsers is whole, and asks nobody else for anything. How it looks and works: .ci/checks/dashboard.sh.</summary>
public sealed partial class ServeDashboardTests : IDisposable
{
    readonly ReportScene _scene = new();

    public ServeDashboardTests() => _scene.Create();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void EveryFileThatThePageNamesIsServed()
    {
        using var server = ServerProcess.Start(_scene.Db);
        var page = server.Get("/");
        var waiting = new Queue<string>(Named(page.Body, "/"));
        var seen = new HashSet<string>();

        while (waiting.TryDequeue(out var path))
        {
            if (seen.Add(path))
            {
                var reply = server.Get(path);
                reply.Status.Should().Be(200, path);
                reply.Headers["Content-Type"].Should().StartWith(path switch
                {
                    _ when path.EndsWith(".js", StringComparison.Ordinal) => "text/javascript",
                    _ when path.EndsWith(".css", StringComparison.Ordinal) => "text/css",
                    _ => "image/svg+xml",
                });
                server.Get(path, $"If-None-Match: {reply.Headers["ETag"]}").Status.Should().Be(304);
                foreach (var further in path.Contains("uplot", StringComparison.Ordinal) ? [] : Named(reply.Body, "/assets/"))
                {
                    waiting.Enqueue(further);
                }
            }
        }

        seen.Should().Contain("/assets/uplot/uPlot.js").And.Contain("/assets/days.js").And.HaveCountGreaterThan(10);
        server.Get("/assets/uplot/LICENSE").Body.Should().Contain("MIT License").And.Contain("Leon Sorokin");
    }

    [Fact]
    public void ThePageHoldsNoScriptOrStyleOfItsOwn()
    {
        using var server = ServerProcess.Start(_scene.Db);

        var page = server.Get("/").Body;

        page.Should().NotMatchRegex(@"<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|https?://");
    }

    [Fact]
    public void WithoutTheDashboardThereIsNoPage()
    {
        using var server = ServerProcess.Start(_scene.Db, "--no-dashboard");

        server.Get("/").Status.Should().Be(404);
        server.Get("/assets/main.js").Status.Should().Be(404);
        server.Get("/api/v1/status").Status.Should().Be(200);
    }

    static IEnumerable<string> Named(string text, string folder) => File().Matches(text).Select(match => match.Groups[1].Value)
        .Select(name => name.StartsWith("./", StringComparison.Ordinal) ? folder + name[2..] : name);

    [GeneratedRegex("""(?:href|src|from)[= ]"((?:/assets/|\./)[\w./-]+)""")]
    private static partial Regex File();
}
