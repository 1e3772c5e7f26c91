namespace TokenGovernance.Sources.Runtimes.ClaudeCode;

/// <summary>Tells paths that stay below Claude Code's folder from links that lead out of it: only that folder was opened to us.</summary>
sealed class ClaudeLinks(string projects)
{
    readonly HashSet<string> _inside = new(StringComparer.Ordinal);
    readonly HashSet<string> _outside = new(StringComparer.Ordinal);

    /// <summary>True of what is no link, or a link to something inside. Decided once of each path.</summary>
    public bool StaysInside(string path)
    {
        if (_inside.Contains(path) || _outside.Contains(path))
        {
            return _inside.Contains(path);
        }

        var stays = !LeadsOut(path);
        (stays ? _inside : _outside).Add(path);

        return stays;
    }

    public void Tell(PassReport report)
    {
        foreach (var path in _outside)
        {
            report.Note(path, $"it is a link that leads out of {projects}: it is not followed");
        }
    }

    bool LeadsOut(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target && !IsBelow(target.FullName, projects) && !IsBelow(target.FullName, Real(projects));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    static bool IsBelow(string path, string folder) => path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    static string Real(string folder) => Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder;
}
