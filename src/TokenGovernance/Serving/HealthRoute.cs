using System.Text.Encodings.Web;
using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Serving.Http;
using TokenGovernance.Storage;

namespace TokenGovernance.Serving;

/// <summary>`/healthz`: whether the collector is at work; 503 where it is not, or the store cannot be read.</summary>
/// <param name="store">The store.</param>
/// <param name="version">The program's version.</param>
/// <param name="staleAfter">A pass that ended longer ago than this is too old.</param>
/// <param name="time">The clock.</param>
sealed class HealthRoute(IStore store, string version, TimeSpan staleAfter, TimeProvider time)
{
    public const string Path = "/healthz";

    public HttpAnswer Answer()
    {
        var (state, lastPass, age, problem) = Look();
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("state", state);
            json.WriteString("last_pass", lastPass);
            if (age is { } known)
            {
                json.WriteNumber("age_seconds", Math.Round(known.TotalSeconds));
            }
            else
            {
                json.WriteNull("age_seconds");
            }

            json.WriteNumber("stale_after_seconds", staleAfter.TotalSeconds);
            json.WriteString("version", version);
            json.WriteString("problem", problem);
            json.WriteEndObject();
        }

        return new HttpAnswer(state == "ok" ? 200 : 503, HttpAnswer.Json, (byte[])[.. bytes.ToArray(), (byte)'\n']);
    }

    (string State, string? LastPass, TimeSpan? Age, string? Problem) Look()
    {
        try
        {
            var lastPass = store.Read(reader => reader.ReadLastPass());
            if (lastPass is null || !UtcTime.TryParse(lastPass, out var ms))
            {
                return ("never", null, null, store.HasNodes ? "No node has pushed yet. Run 'token-governance fleet push' on one." : "No pass has ended yet. Run 'token-governance collect'.");
            }

            var age = time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(ms);

            // Nodes of a fleet push when there is something to push.
            return age <= staleAfter || store.HasNodes
                ? ("ok", lastPass, age, null)
                : ("stale", lastPass, age, "The last pass ended too long ago. Is 'token-governance collect' running?");
        }
        catch (UserFacingException e)
        {
            return ("unreadable", null, null, e.Message);
        }
    }
}
