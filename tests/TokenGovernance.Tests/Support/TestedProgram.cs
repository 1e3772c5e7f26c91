namespace TokenGovernance.Tests;

/// <summary>The program that tests run as a process: the one that was built with them, or a native binary.</summary>
static class TestedProgram
{
    /// <summary>Program and first arguments. `$TOKEN_GOVERNANCE_TEST_PROGRAM` names another program than the managed one.</summary>
    public static IReadOnlyList<string> Command { get; } =
        Environment.GetEnvironmentVariable("TOKEN_GOVERNANCE_TEST_PROGRAM") is { Length: > 0 } native
            ? [native]
            : [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.Combine(AppContext.BaseDirectory, "token-governance.dll")];

    /// <summary>The command for a shell, each word in single quotes.</summary>
    public static string ShellWords => string.Join(' ', Command.Select(word => $"'{word}'"));
}
