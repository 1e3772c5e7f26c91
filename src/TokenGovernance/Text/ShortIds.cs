namespace TokenGovernance.Text;

/// <summary>Shortens ids to as few characters as tell them apart.</summary>
static class ShortIds
{
    const int Least = 8;

    /// <summary>Returns how many characters of each id are enough, eight or more.</summary>
    public static int LengthFor(IEnumerable<string> ids)
    {
        var different = ids.Distinct(StringComparer.Ordinal).ToList();
        var longest = different.Select(id => id.Length).DefaultIfEmpty().Max();
        var length = Least;
        while (length < longest && different.Select(id => Shorten(id, length)).Distinct(StringComparer.Ordinal).Count() < different.Count)
        {
            length++;
        }

        return length;
    }

    public static string Shorten(string id, int length) => id.Length <= length ? id : id[..length];
}
