using TokenGovernance.Benchmarks.Processes;

namespace TokenGovernance.Benchmarks.Budgets;

/// <summary>The program of `floor.c`: what SQLite and libzstd cost by themselves, in a language that adds nothing.</summary>
static class FloorProgram
{
    const string Source = "floor.c";

    /// <summary>Compiles it.</summary>
    /// <returns>NULL where there is no C compiler, or none of the two libraries' headers.</returns>
    public static string? Build(string folder)
    {
        var program = Path.Combine(folder, "floor");
        try
        {
            Child.Run("cc", "-O2", "-o", program, Path.Combine(AppContext.BaseDirectory, Source), "-lsqlite3", "-lzstd");

            return program;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            Console.Error.WriteLine($"Databases are not compared with their floor: {Source} does not compile. It needs cc and the headers of SQLite and libzstd.");

            return null;
        }
    }

    /// <summary>Reads all databases of a home, and all compressed archives.</summary>
    public static Measurement Read(string program, string home) => Child.Run(program, [
        .. Directory.EnumerateFiles(home, "openclaw-agent.sqlite", SearchOption.AllDirectories),
        .. Directory.EnumerateFiles(home, "*.zst", SearchOption.AllDirectories),
    ]);
}
