namespace TokenGovernance.Setup;

/// <summary>What runs the collector in the background on one kind of system.</summary>
interface ISystemService
{
    /// <summary>The files that make it.</summary>
    IReadOnlyList<WriteFile> Files { get; }

    /// <summary>Every file that it may ever have had, whatever is configured now.</summary>
    IReadOnlyList<string> AllPaths { get; }

    /// <summary>Says why it cannot be used here, or NULL.</summary>
    Task<string?> FindObstacleAsync(CancellationToken stop);

    /// <summary>Starts it, now and from now on; after its files are written.</summary>
    /// <param name="isAgain">It was set up before.</param>
    IReadOnlyList<RunProgram> Start(bool isAgain);

    /// <summary>Ends it.</summary>
    /// <param name="paths">Those of its files that are there.</param>
    IReadOnlyList<RunProgram> Stop(IReadOnlyList<string> paths);

    /// <summary>What is to be run once its files are gone.</summary>
    IReadOnlyList<RunProgram> Forget();

    /// <summary>What to know and to type afterwards.</summary>
    IReadOnlyList<string> Advice { get; }
}
