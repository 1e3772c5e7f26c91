namespace TokenGovernance.Text;

/// <summary>Guesses which word was meant by one that is not known.</summary>
static class NearestWord
{
    const int MaxEdits = 3;

    /// <summary>Returns the word that fewest edits turn the text into, letter case aside; NULL if that is more than one letter in three.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="words">What could have been meant.</param>
    /// <param name="part">The part of a word to compare with.</param>
    public static string? Find(string text, IEnumerable<string> words, Func<string, string>? part = null)
    {
        var most = Math.Clamp(text.Length / 3, 1, MaxEdits);

        return words.Select(word => (Word: word, Edits: EditsBetween(text.ToUpperInvariant(), (part?.Invoke(word) ?? word).ToUpperInvariant())))
            .Where(candidate => candidate.Edits <= most && candidate.Edits < candidate.Word.Length)
            .OrderBy(candidate => candidate.Edits)
            .Select(candidate => candidate.Word)
            .FirstOrDefault();
    }

    /// <summary>The least number of letters to insert, leave out, replace, or swap with their neighbour.</summary>
    static int EditsBetween(string a, string b)
    {
        var edits = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    edits[i, j] = i + j;
                    continue;
                }

                var replaced = edits[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                var swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] ? edits[i - 2, j - 2] + 1 : int.MaxValue;
                edits[i, j] = Math.Min(Math.Min(replaced, swapped), 1 + Math.Min(edits[i - 1, j], edits[i, j - 1]));
            }
        }

        return edits[a.Length, b.Length];
    }
}
