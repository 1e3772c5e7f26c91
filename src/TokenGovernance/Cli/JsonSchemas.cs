using System.Reflection;

namespace TokenGovernance.Cli;

/// <summary>The JSON Schemas in the folder `Schemas`: what verbs print with `--json`. Fields may be added, never renamed.</summary>
static class JsonSchemas
{
    const string Folder = "TokenGovernance.Schemas/";

    /// <summary>The verbs that there is a schema of, as they are written on the command line.</summary>
    public static IReadOnlyList<string> Verbs { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(name => VerbOf(name[Folder.Length..^".json".Length]))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The text of a verb's schema.</summary>
    public static string Read(string verb)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{Folder}{verb.Replace(' ', '_')}.json")!;
        using var reader = new StreamReader(stream);

        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    static string VerbOf(string file) => file.Replace('_', ' ');
}
