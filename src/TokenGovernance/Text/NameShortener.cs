namespace TokenGovernance.Text;

/// <summary>Shortens the names of a column in their middle, so that those that differ still do.</summary>
static class NameShortener
{
    /// <summary>Returns the names at the least width, from the one asked for on, at which all that differ still do.</summary>
    /// <param name="names">The cells of a column.</param>
    /// <param name="width">Cells, at least one.</param>
    public static string[] Shorten(IReadOnlyList<string> names, int width)
    {
        var different = names.Distinct(StringComparer.Ordinal).ToList();
        var most = different.Select(TextWidth.WidthOf).DefaultIfEmpty().Max();
        for (; width < most; width++)
        {
            // Ends tell most names apart; where they do not, beginnings may.
            foreach (var tail in new[] { width / 2, width * 2 / 3, width / 3, 0 })
            {
                if (different.Select(name => TextWidth.FitMiddle(name, width, tail)).Distinct(StringComparer.Ordinal).Count() == different.Count)
                {
                    return [.. names.Select(name => TextWidth.FitMiddle(name, width, tail))];
                }
            }
        }

        return [.. names];
    }
}
