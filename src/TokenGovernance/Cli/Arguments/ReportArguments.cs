using System.CommandLine.Parsing;
using TokenGovernance.Reports;

namespace TokenGovernance.Cli.Arguments;

/// <summary>Reads what `report` is given; what cannot be understood is an error of the command line.</summary>
static class ReportArguments
{
    public static List<Dimension>? ParseDimensions(ArgumentResult result)
    {
        var dimensions = new List<Dimension>();
        foreach (var word in result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (Dimensions.Find(word) is not { } dimension)
            {
                result.AddError($"--by takes {string.Join(", ", Dimensions.Names)}, not '{word}'.");

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
                result.AddError($"--where takes a name and a value, such as agent=main, not '{token.Value}'. Names: {string.Join(", ", Dimensions.FilterNames)}.");

                return null;
            }

            filters.Add(filter);
        }

        return filters;
    }

    public static TimeZoneInfo? ParseZone(ArgumentResult result)
    {
        var id = result.Tokens[0].Value;
        if (id == "local")
        {
            return TimeZoneInfo.Local;
        }

        if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone))
        {
            return zone;
        }

        result.AddError($"--tz knows no time zone '{id}'. It takes names such as Europe/Vienna, America/New_York or UTC.");

        return null;
    }
}
