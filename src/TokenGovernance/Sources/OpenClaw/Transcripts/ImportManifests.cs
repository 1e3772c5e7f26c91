using System.Text.Json;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>What the migration to SQLite wrote down about the files it moved: their original names.</summary>
/// <param name="folder">Holds a manifest for each run of the migration.</param>
sealed class ImportManifests(string folder)
{
    readonly WatchedFolder _folder = new(folder);
    Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>The name that a file of the import archive had before, or NULL.</summary>
    public string? FindOriginalName(string archiveName) => _names.GetValueOrDefault(archiveName);

    /// <summary>Reads the manifests if their folder changed; true if it did.</summary>
    public bool Refresh(long nowMs, PassReport report)
    {
        var (isRead, isWhole) = (false, true);
        _folder.Refresh(nowMs, report, names =>
        {
            var originals = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var path in names.Where(name => name.EndsWith(".json", StringComparison.Ordinal)).Select(name => Path.Combine(folder, name)))
            {
                isWhole &= TryRead(path, originals, report);
            }

            isRead = originals.Count != _names.Count || originals.Any(pair => _names.GetValueOrDefault(pair.Key) != pair.Value);
            _names = originals;
        });
        if (!isWhole)
        {
            _folder.LookAgain();
        }

        return isRead;
    }

    static bool TryRead(string path, Dictionary<string, string> originals, PassReport report)
    {
        try
        {
            using var manifest = LenientJson.ParseDocument(SharedFile.ReadAll(path));
            Collect(manifest.RootElement, originals);

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            report.Fail(path, e);
        }
        catch (JsonException)
        {
            report.Fail(path, "it is not whole JSON; the files it is about are known by their names alone");
        }

        return false;
    }

    /// <summary>Manifests differ from version to version: the pairs of paths are looked for wherever they are.</summary>
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
