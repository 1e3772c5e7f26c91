using System.Text;
using TokenGovernance.Serving.Http;

namespace TokenGovernance.Serving.Api;

/// <summary>`/api/v1/…`: the JSON of the verbs.</summary>
sealed class ApiRoutes(IQueries queries, AnswerCache cache)
{
    public const string Prefix = "/api/v1/";

    /// <summary>The routes by path.</summary>
    public IEnumerable<KeyValuePair<string, Func<HttpRequest, HttpAnswer>>> All()
    {
        yield return Route("report", queries.Report);
        yield return Route("status", queries.Status);
        yield return Route("quota", queries.Quota);
        yield return Route("budget", queries.Budget);
        yield return Route("alerts", queries.Alerts);
    }

    KeyValuePair<string, Func<HttpRequest, HttpAnswer>> Route(string name, Func<IReadOnlyList<KeyValuePair<string, string>>, string> read) =>
        new(Prefix + name, request => Answer(request, read));

    HttpAnswer Answer(HttpRequest request, Func<IReadOnlyList<KeyValuePair<string, string>>, string> read)
    {
        try
        {
            return cache.Get(QuestionOf(request), () => read(request.Query));
        }
        catch (BadQueryException e)
        {
            return HttpAnswer.Text(400, e.Message);
        }
    }

    /// <summary>Lengths keep apart what would look alike joined.</summary>
    static string QuestionOf(HttpRequest request)
    {
        var question = new StringBuilder(request.Path);
        foreach (var (name, value) in request.Query)
        {
            question.Append('&').Append(name.Length).Append(':').Append(name).Append('=').Append(value.Length).Append(':').Append(value);
        }

        return question.ToString();
    }
}
