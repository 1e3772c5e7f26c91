namespace TokenGovernance.Tests.Proof;

/// <summary>Reads CSV by the letter of RFC 4180, and refuses what is not.</summary>
static class CsvText
{
    public static List<Dictionary<string, string>> Read(string text)
    {
        var records = new List<List<string>>();
        for (var at = 0; at < text.Length;)
        {
            var record = new List<string>();
            do
            {
                record.Add(ReadField(text, ref at));
            }
            while (at < text.Length && text[at] == ',' && ++at > 0);

            text[at..].Should().StartWith("\r\n", "a record ends so");
            at += 2;
            records.Add(record);
        }

        records.Should().OnlyContain(record => record.Count == records[0].Count);

        return [.. records.Skip(1).Select(record => records[0].Zip(record).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    static string ReadField(string text, ref int at)
    {
        var start = at;
        if (at < text.Length && text[at] == '"')
        {
            var field = new System.Text.StringBuilder();
            for (at++; text[at] != '"' || (at + 1 < text.Length && text[at + 1] == '"'); at++)
            {
                field.Append(text[at]);
                at += text[at] == '"' ? 1 : 0;
            }

            at++;

            return field.ToString();
        }

        while (at < text.Length && text[at] is not (',' or '\r' or '\n'))
        {
            text[at].Should().NotBe('"', "a quote stands only in a quoted field");
            at++;
        }

        return text[start..at];
    }
}
