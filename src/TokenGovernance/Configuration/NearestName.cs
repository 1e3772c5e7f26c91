namespace TokenGovernance.Configuration;

/// <summary>Finds the name that somebody meant who mistyped it.</summary>
static class NearestName
{
    /// <summary>Returns the most similar of the names, or NULL if none is similar.</summary>
    public static string? Find(string text, IEnumerable<string> names)
    {
        var most = Math.Max(1, text.Length / 3);

        return names
            .Select(name => (Name: name, Distance: DistanceOf(text, name)))
            .Where(near => near.Distance <= most || near.Name.Replace("-", "", StringComparison.Ordinal) == text.Replace("_", "", StringComparison.Ordinal))
            .OrderBy(near => near.Distance)
            .Select(near => near.Name)
            .FirstOrDefault();
    }

    /// <summary>Levenshtein's distance: letters to insert, delete or replace; two neighbours that changed places count as one.</summary>
    static int DistanceOf(string a, string b)
    {
        var (before, last, row) = (new int[b.Length + 1], Enumerable.Range(0, b.Length + 1).ToArray(), new int[b.Length + 1]);
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, last, row) = (last, row, before);
        }

        return last[b.Length];
    }
}
