using System.Globalization;
using System.Text;
using System.Text.Json;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Tests.Sources.Json;

/// <summary>A value is passed over as the reader itself does it: the same end, the same refusals, whatever is in the strings.</summary>
public sealed class LongStringsTests
{
    const int Documents = 4_000;

    static readonly string Long = new('x', 300);

    public static TheoryData<string> Values =>
    [
        "7", "null", "[]", "{}", "\"\"", "\"short\"", $"\"{Long}\"", $"\"{Long}\\n\\\"\\\\\\u00e9{Long}\"", $"  \"{Long}\\n\"",
        $$"""{"text":"{{Long}}\\"}""", $$$"""[{"text":"{{{Long}}}\n"},{"a":{"b":["{{{Long}}}\t",{"c":"{{{Long}}}\r"}]}}]""", $$"""{"text" : "{{Long}}\n" , "x":1}""",
        $"\"{Long}\\x\"", $"\"{Long}\\u12g4\"", $"\"{Long}\\u12\"", $"\"{Long}\n\"", $"\"{Long}\0\\n\"", $"\"{Long}\\", $"\"{Long}\\n", $"\"{Long}\\n\"x",
        $$"""{"text":"{{Long}}\n"]""", $$"""[{"text":"{{Long}}\n"}""", $$"""{"text":"{{Long}}\n""x":1}""", $$"""{"text":"{{Long}}\n","x"}""",
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void AValueIsPassedOverAsByTheReader(string value) =>
        Pass(Document(value)).Should().Be(PassByReader(Document(value)));

    /// <summary>Property: of documents at random, most of them damaged somewhere, both make the same.</summary>
    [Fact]
    public void DamagedDocumentsAreRefusedAsByTheReader()
    {
        var random = new Random(TestSeed.Value);
        var refused = 0;
        for (var i = 0; i < Documents; i++)
        {
            var json = Document(Value(random, depth: 0));
            for (var damage = random.Next(3); damage > 0; damage--)
            {
                json[random.Next("{\"content\":".Length, json.Length)] = (byte)"\"\\{}[],:nu0x\n\u0001\u00ff"[random.Next(15)];
            }

            var expected = PassByReader(json);
            Pass(json).Should().Be(expected, "seed {0}, document {1}: {2}", TestSeed.Value, i, Encoding.UTF8.GetString(json));
            refused += expected == "refused" ? 1 : 0;
        }

        refused.Should().BeInRange(Documents / 10, Documents * 9 / 10);
    }

    static byte[] Document(string value) => Encoding.UTF8.GetBytes($$$"""{"content":{{{value}}},"usage":{"input":1}}""");

    static string Value(Random random, int depth) => (depth < 3 ? random.Next(6) : 5) switch
    {
        0 => $"[{string.Join(',', Enumerable.Range(0, random.Next(3)).Select(_ => Value(random, depth + 1)))}]",
        1 or 2 => $"{{{string.Join(',', Enumerable.Range(0, random.Next(3)).Select(i => $"\"n{i}\":{Value(random, depth + 1)}"))}}}",
        3 => "12.5",
        _ => Text(random),
    };

    static string Text(Random random)
    {
        string[] pieces = ["lorem ipsum dolor ", "\\n", "\\\"", "\\\\", "\\u00e9", "é", "\\t", "{\\\"role\\\":\\\"user\\\"}", "]}"];
        var text = new StringBuilder("\"");
        for (var length = random.Next(40); length > 0; length--)
        {
            text.Append(pieces[random.Next(pieces.Length)]);
        }

        return text.Append('"').ToString();
    }

    /// <returns>Where the value ends and what comes behind it, up to the end of the document.</returns>
    static string Pass(byte[] json) => Try(() =>
    {
        var reader = Begin(json, out var depth);
        var begin = 0;
        LongStrings.Skip(ref reader, json, ref begin);
        reader.CurrentDepth.Should().Be(depth);

        return ReadOn(ref reader, begin);
    });

    static string PassByReader(byte[] json) => Try(() =>
    {
        var reader = Begin(json, out _);
        reader.Skip();

        return ReadOn(ref reader, begin: 0);
    });

    static Utf8JsonReader Begin(byte[] json, out int depth)
    {
        var reader = new Utf8JsonReader(json, JsonText.Options);
        reader.Read();
        reader.Read();
        depth = reader.CurrentDepth;

        return reader;
    }

    static string ReadOn(ref Utf8JsonReader reader, int begin)
    {
        var tokens = new StringBuilder();
        do
        {
            tokens.Append(CultureInfo.InvariantCulture, $"{reader.TokenType} to {begin + reader.BytesConsumed}; ");
        }
        while (reader.CurrentDepth > 0 && reader.Read());

        return tokens.ToString();
    }

    static string Try(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (JsonException)
        {
            return "refused";
        }
    }
}
