using System.Text;

namespace TokenGovernance.Tests;

/// <summary>RFC 4180 as plainly as it can be read: records of cells, quotes doubled inside quotes, CRLF after each record.</summary>
static class Csv
{
    public static IReadOnlyList<string[]> ReadFile(string path) => Parse(File.ReadAllText(path, Encoding.UTF8));

    /// <summary>Returns cells by the name of their column, of each record but the first.</summary>
    public static IReadOnlyList<Dictionary<string, string>> ReadRows(string path)
    {
        var records = ReadFile(path);

        return [.. records.Skip(1).Select(record => records[0].Zip(record).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    static List<string[]> Parse(string text)
    {
        var records = new List<string[]>();
        var cells = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var cell = new StringBuilder();
            if (text[at] == '"')
            {
                for (at++; text[at] != '"' || (at + 1 < text.Length && text[at + 1] == '"'); at++)
                {
                    at += text[at] == '"' ? 1 : 0;
                    cell.Append(text[at]);
                }

                at++;
            }
            else
            {
                for (; text[at] is not (',' or '\r'); at++)
                {
                    cell.Append(text[at]);
                }
            }

            cells.Add(cell.ToString());
            if (text[at] == ',')
            {
                at++;

                continue;
            }

            text.AsSpan(at, 2).ToString().Should().Be("\r\n", "a record ends so");
            at += 2;
            records.Add([.. cells]);
            cells.Clear();
        }

        return records;
    }
}
