using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace TokenGovernance.Tests.Docs;

/// <summary>Holds the documents to the program, and to each other.</summary>
public sealed partial class DocsTests
{
    internal static readonly string Root = FindRoot();

    public static TheoryData<string> Pages => [.. FindPages()];

    public static TheoryData<string> PagesWithCommands =>
        [.. FindPages().Where(page => CommandsIn(Read(page)).Count > 0)];

    [Fact]
    public void EveryVerbAndOptionIsInTheCommandReference()
    {
        var reference = Read("docs/cli.md");

        var missing = CommandTree().Subcommands.SelectMany(verb => TermsOf(verb)
            .Where(term => !SectionOf(reference, verb.Name).Contains($"`{term}", StringComparison.Ordinal))
            .Select(term => $"{verb.Name}: {term}"));

        missing.Should().BeEmpty();
    }

    [Fact]
    public void TheReadmesNameEveryVerbAndStayShort()
    {
        var names = CommandTree().Subcommands.Select(verb => $"`{verb.Name}`");

        Read("README.md").Should().ContainAll(names);
        Read("README.es.md").Should().ContainAll(names);
        Read("README.md").Split('\n').Should().HaveCountLessThanOrEqualTo(150 + 1);
    }

    [Fact]
    public void TheReadmesShowTheSameCommandsAndOutputInTheSameOrder()
    {
        static IEnumerable<string> BlocksOf(string page) => CodeBlocksIn(Read(page)).Select(block => Comment().Replace(block, ""));

        BlocksOf("README.md").Should().NotBeEmpty();
        BlocksOf("README.es.md").Should().Equal(BlocksOf("README.md"));
    }

    [Theory]
    [MemberData(nameof(PagesWithCommands))]
    public void EveryDocumentedCommandParses(string page)
    {
        var tree = CommandTree();

        var wrong = CommandsIn(Read(page)).Where(command => tree.Parse(CommandLineParser.SplitCommandLine(command).ToArray()).Errors.Count > 0);

        wrong.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void EveryRelativeLinkLeadsSomewhere(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Root, page))!;

        var broken = Link().Matches(WithoutCode(Read(page)))
            .Select(match => match.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal))
            .Where(target => !Leads(target, folder, page));

        broken.Should().BeEmpty();
    }

    [Fact]
    public async Task TheSampleHomeHasTheTotalsThatItsExpectationsSay()
    {
        using var folder = new Folder();
        var store = Path.Combine(folder.Path, "usage.db");
        var home = Path.Combine(folder.Path, "home");
        CopyFolder(Path.Combine(Root, "docs", "sample-home"), home);
        using var expected = JsonDocument.Parse(Read("docs/sample-home.expected.json"));

        var first = await RunAsync("collect", "--once", "--json", "--no-status", "--openclaw-home", home, "--db", store);
        var second = await RunAsync("collect", "--once", "--json", "--no-status", "--rescan", "--openclaw-home", home, "--db", store);

        first.GetProperty("failed_sources").GetArrayLength().Should().Be(0);
        first.GetProperty("bad_lines").GetInt32().Should().Be(0);
        first.GetProperty("events_known").GetInt64().Should().Be(expected.RootElement.GetProperty("copies").GetInt64());
        second.GetProperty("events_added").GetInt64().Should().Be(0);
        SumsOf(store, "'totals'").Should().BeEquivalentTo(new Dictionary<string, Sums>
        {
            ["totals"] = Sums.From(expected.RootElement.GetProperty("totals")),
        });
        SumsOf(store, "agent_id").Should().BeEquivalentTo(SumsIn(expected.RootElement.GetProperty("by_agent")));
        SumsOf(store, "model_provider || '/' || model").Should().BeEquivalentTo(SumsIn(expected.RootElement.GetProperty("by_model")));
        SumsOf(store, "cost_source").Should().BeEquivalentTo(SumsIn(expected.RootElement.GetProperty("by_cost_source")));
    }

    [Fact]
    public async Task EveryTableColumnAndViewIsInTheSchemaReference()
    {
        using var folder = new Folder();
        var store = Path.Combine(folder.Path, "usage.db");
        await InvokeAsync("init", "--db", store);
        var reference = Read("docs/schema.md");

        var names = Query(store, """
            SELECT o.name, c.name FROM sqlite_schema AS o JOIN pragma_table_info(o.name) AS c
            WHERE o.type IN ('table', 'view') AND o.name NOT LIKE 'sqlite_%'
            """, row => (Table: row.GetString(0), Column: row.GetString(1)));

        names.Should().NotBeEmpty();
        names.SelectMany(name => new[] { name.Table, name.Column }).Distinct()
            .Where(name => !reference.Contains($"`{name}`", StringComparison.Ordinal))
            .Should().BeEmpty();
    }

    [Fact]
    public async Task EverySqlExampleRuns()
    {
        using var folder = new Folder();
        var store = Path.Combine(folder.Path, "usage.db");
        await InvokeAsync("init", "--db", store);

        foreach (var sql in new[] { "docs/schema.md", "docs/privacy.md" }.SelectMany(page => Sql().Matches(Read(page))).Select(match => match.Groups["sql"].Value))
        {
            var run = () => Query(store, sql, _ => 0);

            run.Should().NotThrow(because: sql);
        }
    }

    [Fact]
    public void TheSkillHasTheFrontMatterThatOpenClawReads()
    {
        var skill = Read("skill/SKILL.md");
        var frontMatter = FrontMatter().Match(skill).Groups["yaml"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1]);

        frontMatter.Keys.Should().BeEquivalentTo("name", "description", "metadata");
        frontMatter["name"].Should().MatchRegex("^[a-z0-9-]{1,64}$");
        frontMatter["description"].Length.Should().BeInRange(40, 1024);
        frontMatter["description"].Should().NotContain(": ", because: "that would end a plain YAML text");
        using var metadata = JsonDocument.Parse(frontMatter["metadata"]);
        var bins = metadata.RootElement.GetProperty("openclaw").GetProperty("requires").GetProperty("bins");
        bins.EnumerateArray().Select(bin => bin.GetString()).Should().Equal("token-governance");
        skill.Length.Should().BeLessThan(6000, because: "an agent pays for every word of it");
    }

    static RootCommand CommandTree() => TokenGovernance.Cli.CommandLine.Create();

    static async Task<string> InvokeAsync(params string[] args)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var exitCode = await CommandTree().Parse(args)
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });

        exitCode.Should().Be(0, because: error.ToString());

        return output.ToString();
    }

    static async Task<JsonElement> RunAsync(params string[] args)
    {
        using var result = JsonDocument.Parse(await InvokeAsync(args));

        return result.RootElement.Clone();
    }

    /// <summary>A verb's name and options, and those of the verbs below it.</summary>
    static IEnumerable<string> TermsOf(Command verb) =>
        [verb.Name, .. verb.Options.SelectMany(NamesOf), .. verb.Subcommands.SelectMany(part => TermsOf(part).Skip(1).Prepend($"{verb.Name} {part.Name}"))];

    static IEnumerable<string> NamesOf(Option option) => option.Aliases.Prepend(option.Name).Where(name => name is not "/h" and not "/?");

    /// <summary>The part of the reference about a verb, and its head, which holds for all.</summary>
    static string SectionOf(string reference, string verb)
    {
        var start = reference.IndexOf($"## `{verb}`", StringComparison.Ordinal);
        var firstVerb = reference.IndexOf("\n## ", StringComparison.Ordinal);
        if (start < 0)
        {
            return "";
        }

        var end = reference.IndexOf("\n## ", start, StringComparison.Ordinal);

        return reference[..firstVerb] + reference[start..(end < 0 ? reference.Length : end)];
    }

    static List<string> CommandsIn(string page) =>
    [
        .. CodeBlocksIn(page).SelectMany(block => block.Split('\n'))
            .Concat(InlineCode().Matches(page).Select(match => match.Groups["code"].Value))
            .Select(line => Command().Match(line))
            .Where(match => match.Success && !match.Value.Contains('<', StringComparison.Ordinal))
            .Select(match => Comment().Replace(match.Groups["args"].Value, "").Trim())
            .Where(args => args.Length > 0 && !args.StartsWith("--version", StringComparison.Ordinal)),
    ];

    static List<string> CodeBlocksIn(string page) => [.. CodeBlock().Matches(page).Select(match => match.Value)];

    static string WithoutCode(string page) => InlineCode().Replace(CodeBlock().Replace(page, ""), "");

    static bool Leads(string target, string folder, string page)
    {
        var (path, anchor) = target.Split('#', 2) switch
        {
            [var whole] => (whole, null),
            var parts => (parts[0], parts[1]),
        };
        var full = path.Length == 0 ? Path.Combine(Root, page) : Path.GetFullPath(Path.Combine(folder, path));

        return Path.Exists(full) && (anchor is null || AnchorsOf(File.ReadAllText(full)).Contains(anchor));
    }

    /// <summary>Anchors as GitHub makes them of headings.</summary>
    static IEnumerable<string> AnchorsOf(string page) => Heading().Matches(CodeBlock().Replace(page, ""))
        .Select(match => string.Concat(match.Groups["text"].Value.Trim().ToLowerInvariant()
            .Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-'));

    static Dictionary<string, Sums> SumsIn(JsonElement element) =>
        element.EnumerateObject().ToDictionary(property => property.Name, property => Sums.From(property.Value));

    static Dictionary<string, Sums> SumsOf(string store, string by) => Query(
        store,
        $"""
            SELECT {by}, count(*), sum(input_tokens), sum(output_tokens), sum(cache_read_tokens), sum(cache_write_tokens),
              sum(total_tokens), sum(cost_total)
            FROM usage_events GROUP BY 1
            """,
        row => (Name: row.GetString(0), Sums: new Sums(
            row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6),
            Math.Round((decimal)row.GetDouble(7), 9)))).ToDictionary(pair => pair.Name, pair => pair.Sums);

    static List<T> Query<T>(string store, string sql, Func<SqliteDataReader, T> read)
    {
        using var connection = new SqliteConnection($"Data Source={store};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    static string Read(string page) => File.ReadAllText(Path.Combine(Root, page)).ReplaceLineEndings("\n");

    static IEnumerable<string> FindPages()
    {
        string[] notOurs = ["bin", "obj", "artifacts", "TestResults", "data", "exports", "fixtures", ".git", ".vs", ".idea"];

        IEnumerable<string> Walk(string folder) => Directory.EnumerateFiles(folder, "*.md")
            .Concat(Directory.EnumerateDirectories(folder).Where(child => !notOurs.Contains(Path.GetFileName(child))).SelectMany(Walk));

        return Walk(Root).Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal);
    }

    static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "TokenGovernance.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("These tests run inside the repository.");
        }

        return folder;
    }

    static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.EnumerateDirectories(from))
        {
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    [GeneratedRegex(@"^```[^\n]*\n.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    /// <summary>Behind a command: in the language of the page.</summary>
    [GeneratedRegex(@" +# .*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"`(?<code>[^`\n]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"^```sql\n(?<sql>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Sql();

    // A link's text may hold brackets only as an image does; its target holds no space.
    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} (?<text>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();

    // As a user types it, in a crontab, or through `dotnet run`; what the shell does with the output is not ours.
    [GeneratedRegex(@"^(\S+ \* \* \* \*\s+\S*/|ExecStart=\S*/)?(token-governance|dotnet run .*? --) (?<args>[^>|]*)", RegexOptions.ExplicitCapture)]
    private static partial Regex Command();

    [GeneratedRegex(@"\A---\n(?<yaml>.*?)\n---\n", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex FrontMatter();

    sealed record Sums(long Events, long Input, long Output, long CacheRead, long CacheWrite, long Total, decimal Cost)
    {
        public static Sums From(JsonElement element) => new(
            element.GetProperty("events").GetInt64(),
            element.GetProperty("input").GetInt64(),
            element.GetProperty("output").GetInt64(),
            element.GetProperty("cache_read").GetInt64(),
            element.GetProperty("cache_write").GetInt64(),
            element.GetProperty("total").GetInt64(),
            Math.Round(element.GetProperty("cost").GetDecimal(), 9));
    }

    /// <summary>A temporary folder.</summary>
    sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("token-governance-docs-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
