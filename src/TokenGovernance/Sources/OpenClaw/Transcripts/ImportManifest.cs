using System.Text.Json;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>What the migration to SQLite wrote down about the files it moved: their original names.</summary>
static class ImportManifest
{
    /// <summary>Returns original file names by their names in the import archive.</summary>
    /// <param name="home">The state directory; its `session-sqlite-migration-runs` holds a manifest a run.</param>
    /// <param name="report">Is told of a manifest that cannot be read.</param>
    public static Dictionary<string, string> ReadOriginalNames(string home, PassReport report)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var folder = Path.Combine(home, "session-sqlite-migration-runs");
        if (!Directory.Exists(folder))
        {
            return names;
        }

        foreach (var path in Directory.EnumerateFiles(folder, "*.json"))
        {
            try
            {
                using var manifest = JsonDocument.Parse(File.ReadAllBytes(path));
                Collect(manifest.RootElement, names);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
            {
                report.Fail(path, e);
            }
        }

        return names;
    }

    static void Collect(JsonElement element, Dictionary<string, string> names)
    {
        if (element.ValueKind is JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                Collect(item, names);
            }
        }
        else if (element.ValueKind is JsonValueKind.Object)
        {
            if (TryGetName(element, "archivePath", out var archive) && TryGetName(element, "sourcePath", out var source))
            {
                names[archive] = source;
            }

            foreach (var property in element.EnumerateObject())
            {
                Collect(property.Value, names);
            }
        }
    }

    static bool TryGetName(JsonElement element, string property, out string name)
    {
        name = element.TryGetProperty(property, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];

        return name.Length > 0;
    }
}
