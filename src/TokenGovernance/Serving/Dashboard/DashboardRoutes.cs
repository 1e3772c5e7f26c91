using System.Reflection;
using TokenGovernance.Serving.Http;

namespace TokenGovernance.Serving.Dashboard;

/// <summary>`/` and the files it consists of, all from the program itself.</summary>
static class DashboardRoutes
{
    const string Folder = "TokenGovernance.Dashboard/";

    static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [""] = HttpAnswer.PlainText,
    };

    /// <summary>The routes by path.</summary>
    public static IEnumerable<KeyValuePair<string, Func<HttpRequest, HttpAnswer>>> All() => Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
        .Select(name => (Path: name[Folder.Length..].Replace('\\', '/'), Answer: Read(name)))
        .Select(file => KeyValuePair.Create<string, Func<HttpRequest, HttpAnswer>>(file.Path == "index.html" ? "/" : $"/assets/{file.Path}", _ => file.Answer));

    static HttpAnswer Read(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);

        return HttpAnswer.Tagged(Types[Path.GetExtension(resource)], bytes);
    }
}
