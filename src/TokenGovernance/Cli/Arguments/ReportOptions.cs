using System.CommandLine;
using TokenGovernance.Reports;

namespace TokenGovernance.Cli.Arguments;

/// <summary>The options of `report`, and the query they make.</summary>
sealed class ReportOptions
{
    static readonly string[] Formats = ["table", "json", "csv", "markdown", "html", "svg"];

    readonly Argument<string?> _name = new("name")
    {
        Description = $"A ready-made report: {string.Join(", ", Preset.All.Select(preset => $"{preset.Names[0]} ({preset.Says})"))}. None: {Preset.Default.Says}.",
        HelpName = "name",
        Arity = ArgumentArity.ZeroOrOne,
    };

    readonly Option<IReadOnlyList<Dimension>?> _by = new("--by")
    {
        Description = $"Group by one or several of {string.Join(", ", Dimensions.Names)}, separated by commas.",
        HelpName = "names",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = ReportArguments.ParseDimensions,
    };

    readonly TimeOptions _times = new();

    readonly Option<IReadOnlyList<NameFilter>?> _where = new("--where")
    {
        Description = "Only usage of that name, such as agent=main, or without it: agent!=main. Repeat it to widen (same name) or narrow "
            + $"(another name). Names: {string.Join(", ", Dimensions.FilterNames)}.",
        HelpName = "name=value",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = ReportArguments.ParseFilters,
    };

    readonly Option<int?> _top = new("--top")
    {
        Description = "Show this many rows; the others are added up in one row.",
        HelpName = "rows",
        CustomParser = result => Values.ParseCount(result, "--top"),
    };

    readonly Option<SortBy?> _sort = new("--sort")
    {
        Description = "Largest first, by cost, tokens or events. Default: cost; days and the like in order of time.",
        HelpName = "cost|tokens|events",
        CustomParser = ReportArguments.ParseSort,
    };

    readonly Option<string> _format = new("--format")
    {
        Description = "Output format; html is one page with chart and table, svg the chart alone.",
        HelpName = "table|json|csv|markdown|html|svg",
        DefaultValueFactory = _ => Formats[0],
    };

    readonly Option<bool> _json = new("--json") { Description = "Short for --format json." };

    readonly Option<bool> _identifiers = new("--identifiers")
    {
        Description = "Show the keys of sessions as they are, with the ids of people and groups in them.",
    };

    readonly Option<bool> _whole = new("--whole")
    {
        Description = "With 'report compare': compare with the whole of the period before, not only with the part that has elapsed of this one.",
    };

    readonly Option<bool> _estimate = new("--estimate")
    {
        Description = "With 'report costs': also what unpriced usage would cost at list price, in a table of its own.",
    };

    readonly Option<string?> _prices = new Option<string?>("--prices")
    {
        Description = "With --estimate: further list prices, a JSON file in LiteLLM's format. Default: prices of the configuration file.",
        HelpName = "file",
    }.NotEmpty();

    readonly Option<string[]> _home = new Option<string[]>("--openclaw-home")
    {
        Description = "With --estimate: the OpenClaw whose openclaw.json has prices; repeat it for several. Default: as for 'collect'.",
        HelpName = "folder",
    }.NotEmpty();

    public ReportOptions()
    {
        _name.AcceptOnly("report", [.. Preset.All.SelectMany(preset => preset.Names)]);
        _by.CompleteNames(Dimensions.Names);

        // Instead of the names that it has in the program.
        _sort.CompletionSources.Clear();
        _sort.CompletionSources.Add([.. ReportArguments.SortNames.Select(pair => pair.Name)]);
        _format.AcceptOnly(Formats);
    }

    /// <summary>Adds argument and options, and the rules between them, to the verb.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="db">Its option that names the store.</param>
    public void AddTo(Command command, Option<string?> db)
    {
        _where.CompleteFilters(db);
        command.Arguments.Add(_name);
        command.Options.Add(_by);
        _times.AddTo(command);
        foreach (var option in new Option[] { _where, _top, _sort, _format, _json, _identifiers, _whole, _estimate, _prices, _home })
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.IsGiven(_estimate) && result.GetValue(_name) is not "costs")
            {
                result.AddError("--estimate belongs to 'report costs'.");
            }

            if (result.IsGiven(_whole) && result.GetValue(_name) is not "compare")
            {
                result.AddError("--whole belongs to 'report compare'.");
            }

            if (!result.IsGiven(_estimate) && (result.IsGiven(_prices) || result.IsGiven(_home)))
            {
                result.AddError("--prices and --openclaw-home need --estimate.");
            }

            if (result.IsGiven(_json) && result.IsGiven(_format) && result.GetValue(_format) is not "json")
            {
                result.AddError("--json is short for --format json: give the one or the other.");
            }
        });
    }

    /// <exception cref="UsageException">A bound is no time, or nothing lies between the bounds.</exception>
    public ReportQuery ReadQuery(ParseResult parse, DateTimeOffset now)
    {
        var preset = Preset.Find(parse.GetValue(_name)) ?? Preset.Default;

        return new ReportQuery
        {
            By = parse.GetValue(_by) ?? preset.By,
            Zone = _times.ReadZone(parse),
            Range = _times.Read(parse, now, preset.Since, preset.Until),
            Where = NameFilter.Join([.. preset.Where, .. parse.GetValue(_where) ?? []]),
            Top = parse.GetValue(_top) ?? preset.Top,
            Sort = parse.GetValue(_sort),
            NowMs = MomentText.StartOfMinute(now.ToUnixTimeMilliseconds()),
            WithSpikes = (parse.GetValue(_by) ?? preset.By) is [Dimension.Day],
            WithIdentifiers = parse.GetValue(_identifiers),
            Detail = DetailOf(preset, parse.GetValue(_by) ?? preset.By),
        };
    }

    /// <summary>Only rows of a session, or of a job, have more to say.</summary>
    static RowDetail DetailOf(Preset preset, IReadOnlyList<Dimension> by) => preset.Detail switch
    {
        RowDetail.Session when !by.Contains(Dimension.Session) || by.Any(dimension => dimension.IsTime() || dimension is Dimension.Model) => RowDetail.None,
        RowDetail.Job when !by.Contains(Dimension.Job) || by.Any(dimension => dimension.IsTime()) => RowDetail.None,
        var detail => detail,
    };

    public string ReadFormat(ParseResult parse) => parse.GetValue(_json) ? "json" : parse.GetValue(_format)!;

    /// <summary>Two periods are compared, instead of one told.</summary>
    public bool WantsComparison(ParseResult parse) => parse.GetValue(_name) is "compare";

    /// <summary>The period of a comparison and the one before.</summary>
    /// <exception cref="UsageException">There is nothing before it, or rows would be spans of time.</exception>
    public PeriodPair ReadPair(ParseResult parse, ReportQuery query)
    {
        if (query.By.FirstOrDefault(dimension => dimension.IsTime() && dimension is not Dimension.Weekday) is not 0 and var span)
        {
            throw new UsageException($"A comparison is not by {span.NameOf()}: choose the period with --period, or see 'report trend'.");
        }

        return PeriodPair.Of(new LocalCalendar(query.Zone), query.Range, query.NowMs!.Value, parse.GetValue(_whole))
            ?? throw new UsageException("A comparison needs a period that has begun: give --period or --since.");
    }

    public bool WantsEstimate(ParseResult parse) => parse.GetValue(_estimate);

    /// <summary>Full paths of the homes whose prices an estimate uses.</summary>
    public IReadOnlyList<string> ReadHomes(ParseResult parse) => parse.HomePaths(_home);

    /// <summary>Full path of the price file, the one of the configuration if none was given; NULL: there is none.</summary>
    public string? ReadPriceFile(ParseResult parse) => (parse.GetValue(_prices) ?? parse.Settings().Prices) is { } path ? DefaultPaths.Expand(path) : null;
}
