using System.CommandLine;
using System.CommandLine.Completions;
using TokenGovernance.Configuration;
using TokenGovernance.Reports;
using TokenGovernance.Storage;
using TokenGovernance.Text;

namespace TokenGovernance.Cli.Arguments;

/// <summary>Completes the values of filters with names that are in the store, and says which was probably meant by one that is not.</summary>
static class StoredNames
{
    /// <summary>Offers dimensions, and behind the sign the values of one, such as `agent=main`.</summary>
    /// <param name="option">An option that takes filters.</param>
    /// <param name="db">The option that names the store.</param>
    public static void CompleteFilters(this Option option, Option<string?> db) => option.CompletionSources.Add(context =>
    {
        var sign = context.WordToComplete.IndexOf('=', StringComparison.Ordinal);
        if (sign < 1)
        {
            return Dimensions.FilterNames.Select(name => new CompletionItem($"{name}="));
        }

        var name = context.WordToComplete[..sign].TrimEnd('!');

        return Dimensions.Find(name) is { } dimension
            ? ValuesOf(dimension, context.ParseResult, db).Select(value => new CompletionItem(context.WordToComplete[..(sign + 1)] + value))
            : [];
    });

    /// <summary>Offers the agents in the store.</summary>
    /// <param name="option">An option that takes an agent's id.</param>
    /// <param name="db">The option that names the store.</param>
    public static void CompleteAgents(this Option option, Option<string?> db) =>
        option.CompletionSources.Add(context => ValuesOf(Dimension.Agent, context.ParseResult, db).Select(name => new CompletionItem(name)));

    /// <summary>Offers names that are in the configuration file.</summary>
    /// <param name="argument">An argument that takes such a name.</param>
    /// <param name="names">Which names.</param>
    public static void CompleteConfigured(this Argument argument, Func<Settings, IReadOnlyList<string>> names) => argument.CompletionSources.Add(context =>
    {
        try
        {
            return names(context.ParseResult.Settings()).Select(name => new CompletionItem(name));
        }
        catch (Exception)
        {
            // As below: what is wrong in the file is said by whoever uses it.
            return [];
        }
    });

    /// <summary>Says on standard error which names of filters are not in the store, where nothing was found.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="filters">What it asks for.</param>
    /// <param name="db">The option that names the store.</param>
    public static void NoteUnknownNames(this ParseResult parse, IEnumerable<NameFilter> filters, Option<string?> db)
    {
        foreach (var filter in filters.Where(filter => !filter.IsNot))
        {
            var values = ValuesOf(filter.Dimension, parse, db);
            foreach (var name in filter.Names.Where(name => name != NameFilter.Unknown && values.Count > 0 && !values.Contains(name)))
            {
                var meant = NearestWord.Find(name, values);

                // A job is listed by its name only, but found by its id too.
                if (meant is not null || filter.Dimension is not Dimension.Job)
                {
                    parse.InvocationConfiguration.Error.WriteLine(
                        $"The store has no {filter.Dimension.NameOf()} '{PrintableText.Of(name)}'.{(meant is null ? "" : $" Did you mean {PrintableText.Of(meant)}?")}");
                }
            }
        }
    }

    static IReadOnlyList<string> ValuesOf(Dimension dimension, ParseResult parse, Option<string?> db)
    {
        if (dimension.ValuesOf() is { } values)
        {
            return values;
        }

        var (table, column) = dimension switch
        {
            Dimension.Agent => ("event_attributions", "agent_id"),
            Dimension.Channel => ("event_attributions", "channel"),
            Dimension.ChatType => ("event_attributions", "chat_type"),
            Dimension.Trigger => ("event_attributions", "trigger"),
            Dimension.Job => ("event_attributions", "coalesce(job_name, job_id)"),
            Dimension.Home => ("event_attributions", "home"),
            Dimension.Provider => ("event_models", "model_provider"),
            Dimension.Model => ("event_models", "model"),
            Dimension.ResponseModel => ("event_models", "response_model"),
            Dimension.Api => ("event_models", "api"),
            _ => ("", ""),
        };
        try
        {
            return table.Length == 0 ? [] : StoreReader.Read(parse.StorePath(db), store => store.ReadNames(table, column));
        }
        catch (Exception)
        {
            // Nobody waits for an explanation behind the Tab key: without a store there is nothing to offer.
            return [];
        }
    }
}
