using System.Reflection;

namespace TokenGovernance.Cli;

/// <summary>Which version of the program this is.</summary>
static class ProgramVersion
{
    public static string Text { get; } =
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "?";
}
