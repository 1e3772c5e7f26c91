using System.Text.Json;

namespace TokenGovernance.Sources.OpenClaw;

/// <summary>Reads from `openclaw.json` in which folders agents work; nothing else that is in it leaves here.</summary>
static class WorkspaceReader
{
    /// <summary>Returns full paths by agent; those of agents that it does not name have the empty name. What cannot be read says nothing.</summary>
    public static IReadOnlyDictionary<string, string> Read(string home)
    {
        var workspaces = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var document = OpenClawConfiguration.Read(home);
            var agents = Member(document.RootElement, "agents");
            Add(workspaces, "", Member(Member(agents, "defaults"), "workspace"));
            Add(workspaces, "", Member(Member(document.RootElement, "agent"), "workspace"));
            if (Member(agents, "list") is { ValueKind: JsonValueKind.Array } list)
            {
                foreach (var agent in list.EnumerateArray())
                {
                    Add(workspaces, Member(agent, "id") is { ValueKind: JsonValueKind.String } id ? id.GetString()! : "", Member(agent, "workspace"));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // Then only the sessions that OpenClaw names are read.
        }

        return workspaces;
    }

    static void Add(Dictionary<string, string> workspaces, string agent, JsonElement? path)
    {
        if (path is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } folder)
        {
            var full = Path.GetFullPath(OpenClawUser.ExpandTilde(folder, OpenClawUser.Folder()));
            workspaces.TryAdd(agent, Path.TrimEndingDirectorySeparator(full));
        }
    }

    static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty(name, out var member) ? member : null;
}
