using TokenGovernance.Sources;

namespace TokenGovernance.Collection;

/// <summary>The one place where what sources throw is caught: one failed source is told and tried again, the others go on.</summary>
/// <remarks>Only cancellation and the lack of memory pass. What the store throws never comes through here.</remarks>
sealed class SourceGuard(PassReport report)
{
    /// <summary>Polls sources and the sources inside them, in order.</summary>
    public SourceNews Poll(IEnumerable<IUsageSource> sources)
    {
        var all = new SourceNews();
        foreach (var source in sources)
        {
            var news = new SourceNews();
            Try(source.Name, "listing", () => source.Poll(news, report));
            all.Add(news);
            all.Add(Poll(news.Parts));
        }

        return all;
    }

    /// <summary>Hands on the items that come before an exception.</summary>
    /// <param name="name">What is read, for the message.</param>
    /// <param name="doing">What is done to it, for the message.</param>
    /// <param name="items">What may throw.</param>
    public IEnumerable<T> Read<T>(string name, string doing, Func<IEnumerable<T>> items)
    {
        IEnumerator<T>? all = null;
        try
        {
            while (Try(name, doing, () => (all ??= items().GetEnumerator()).MoveNext()))
            {
                yield return all!.Current;
            }
        }
        finally
        {
            Try(name, doing, () => all?.Dispose());
        }
    }

    bool Try(string name, string doing, Func<bool> step)
    {
        var result = false;
        Try(name, doing, () =>
        {
            result = step();
        });

        return result;
    }

    void Try(string name, string doing, Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or SourceChangedException)
        {
            // Renamed, deleted or written since it was found: the next pass sees it as it is then.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            report.Fail(name, e);
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            report.Fail(name, $"internal error in {doing} it: {Describe(e)}; the rest is collected. Please report this");
        }
    }

    /// <summary>The type and the place; never the message, which may quote what was read.</summary>
    static string Describe(Exception error)
    {
        var place = error.StackTrace?.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Contains("TokenGovernance", StringComparison.Ordinal));
        var name = place?.Split(' ').ElementAtOrDefault(1)?.Split('(')[0];

        return name is null ? error.GetType().Name : $"{error.GetType().Name} at {name}";
    }
}
