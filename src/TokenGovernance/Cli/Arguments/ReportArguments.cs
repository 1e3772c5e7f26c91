using System.CommandLine.Parsing;
using TokenGovernance.Reports;

namespace TokenGovernance.Cli.Arguments;

/// <summary>Reads what `report` is asked to group by, filter by and sort by.</summary>
static class ReportArguments
{
    public static List<Dimension>? ParseDimensions(ArgumentResult result)
    {
        var dimensions = new List<Dimension>();
        foreach (var word in result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (Dimensions.Find(word) is not { } dimension)
            {
                result.AddWrong("--by", Values.List(Dimensions.Names), word, Dimensions.Names);

                return null;
            }

            if (!dimensions.Contains(dimension))
            {
                dimensions.Add(dimension);
            }
        }

        if (dimensions.Count == 0)
        {
            result.AddError($"--by takes one or several of {string.Join(", ", Dimensions.Names)}.");
        }

        return dimensions;
    }

    public static List<NameFilter>? ParseFilters(ArgumentResult result)
    {
        var filters = new List<NameFilter>();
        foreach (var token in result.Tokens)
        {
            if (NameFilter.Parse(token.Value) is not { } filter)
            {
                AddWrongFilter(result, token.Value);

                return null;
            }

            filters.Add(filter);
        }

        return filters;
    }

    public static SortBy? ParseSort(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (SortNames.FirstOrDefault(pair => pair.Name == text) is { Name: not null } found)
        {
            return found.Sort;
        }

        string[] names = [.. SortNames.Select(pair => pair.Name)];
        result.AddWrong("--sort", Values.List(names), text, names);

        return null;
    }

    /// <summary>What rows can be sorted by, in the words of the command line.</summary>
    public static IReadOnlyList<(string Name, SortBy Sort)> SortNames { get; } =
        [("cost", SortBy.Cost), ("tokens", SortBy.Tokens), ("events", SortBy.Events)];

    static void AddWrongFilter(ArgumentResult result, string text)
    {
        var name = text.Split('=', 2)[0].TrimEnd('!');
        if (Dimensions.Find(name)?.ValuesOf() is { } values && text.Split('=', 2) is [_, var value])
        {
            result.AddWrong($"--where {name}", Values.List(values), value, values);
        }
        else if (Dimensions.Find(name) is { } dimension && dimension.IsTime() && text.Contains('=', StringComparison.Ordinal))
        {
            result.AddError($"--where takes no {name}: choose a time with --since, --until or --period.");
        }
        else if (text.Contains('=', StringComparison.Ordinal))
        {
            result.AddWrong("--where", $"a filter by {Values.List(Dimensions.FilterNames)}", name, Dimensions.FilterNames);
        }
        else
        {
            result.AddWrong("--where", "a name and a value, such as agent=main", text, []);
        }
    }
}
