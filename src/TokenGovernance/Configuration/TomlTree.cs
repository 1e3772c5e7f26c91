using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace TokenGovernance.Configuration;

/// <summary>TOML text as sections that know their lines.</summary>
/// <remarks>Built from Tomlyn's syntax tree: its serializer would bind classes, but forget where things stand.</remarks>
static class TomlTree
{
    /// <summary>Parses a text.</summary>
    /// <param name="text">A TOML 1.1 document.</param>
    /// <param name="problems">Takes what is no TOML; then the section is empty.</param>
    public static Section Parse(string text, List<(int Line, string Text)> problems)
    {
        var document = SyntaxParser.Parse(text, sourceName: null, validate: true);
        var top = new Section("", 1, problems);
        if (document.HasErrors)
        {
            problems.AddRange(document.Diagnostics
                .Where(message => message.Kind is DiagnosticMessageKind.Error)
                .Select(message => (message.Span.Start.Line + 1, message.Message)));

            return top;
        }

        AddAll(top, document.KeyValues);
        foreach (var table in document.Tables)
        {
            var (section, key) = Walk(top, table.Name!);
            var line = LineOf(table);
            AddAll(table is TableArraySyntax ? section.AddToTables(key, line) : section.GetOrAddTable(key, line), table.Items);
        }

        return top;
    }

    static void AddAll(Section section, IEnumerable<KeyValueSyntax> pairs)
    {
        foreach (var pair in pairs)
        {
            var (owner, key) = Walk(section, pair.Key!);
            if (pair.Value is InlineTableSyntax table)
            {
                AddAll(owner.GetOrAddTable(key, LineOf(pair)), table.Items.Select(item => item.KeyValue!));
            }
            else
            {
                owner.Add(key, ValueOf(pair.Value), LineOf(pair));
            }
        }
    }

    /// <summary>Follows a dotted key to the section that its last part belongs to.</summary>
    static (Section Section, string Key) Walk(Section section, KeySyntax path)
    {
        var key = NameOf(path.Key!);
        foreach (var part in path.DotKeys)
        {
            section = section.GetOrAddTable(key, LineOf(path));
            key = NameOf(part.Key!);
        }

        return (section, key);
    }

    /// <summary>A string, long, double, bool or list of such; what else TOML has means nothing here and stays syntax.</summary>
    static object ValueOf(ValueSyntax? value) => value switch
    {
        StringValueSyntax text => text.Value ?? "",
        IntegerValueSyntax number => number.Value,
        FloatValueSyntax number => number.Value,
        BooleanValueSyntax flag => flag.Value,
        ArraySyntax array => array.Items.Select(item => ValueOf(item.Value)).ToList(),
        _ => value ?? (object)"",
    };

    static string NameOf(BareKeyOrStringValueSyntax name) => name switch
    {
        BareKeySyntax bare => bare.Key?.Text ?? "",
        StringValueSyntax text => text.Value ?? "",
        _ => "",
    };

    static int LineOf(SyntaxNode node) => node.Span.Start.Line + 1;
}
