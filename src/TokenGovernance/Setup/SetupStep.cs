namespace TokenGovernance.Setup;

/// <summary>One thing that setting up does, or leaves alone.</summary>
abstract record SetupStep;

/// <summary>Makes a folder that only its owner may look into.</summary>
sealed record MakeFolder(string Path) : SetupStep;

/// <summary>Writes a file that only its owner may read.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Text">All of it.</param>
/// <param name="IsUtf16">As the scheduler of Windows wants it; else UTF-8.</param>
sealed record WriteFile(string Path, string Text, bool IsUtf16 = false) : SetupStep;

/// <summary>Leaves a file as it is, and says why.</summary>
sealed record KeepFile(string Path, string Reason) : SetupStep;

/// <summary>Removes a file that setting up has made.</summary>
sealed record DeleteFile(string Path) : SetupStep;

/// <summary>Runs a program.</summary>
/// <param name="Words">Its name, as it is found on PATH, and its arguments.</param>
sealed record RunProgram(params IReadOnlyList<string> Words) : SetupStep
{
    /// <summary>What to tell where it fails, and then to go on; NULL: a failure is the end.</summary>
    public string? IfItFails { get; init; }
}
