using System.CommandLine;
using TokenGovernance.Benchmarks.Processes;

namespace TokenGovernance.Benchmarks.Curves;

/// <summary>`curves`: how cost grows, as tables and one picture; fails on what grows faster than linearly.</summary>
static class CurvesCommand
{
    const string Begin = "<!-- benchmarks curves: begin -->\n", End = "<!-- benchmarks curves: end -->\n";

    public static Command Create()
    {
        var program = new Option<FileInfo>("--program") { Description = "A built token-governance; else it is built." };
        var sizes = Sizes("quick");
        var runs = new Option<int>("--runs") { Description = "How often each process is run; the least counts.", DefaultValueFactory = _ => 3 };
        var docs = new Option<DirectoryInfo>("--docs") { Description = "The folder docs, where the tables in performance.md and the picture images/growth.svg are written anew." };
        var work = new Option<DirectoryInfo>("--work") { Description = "Folder for homes and stores.", DefaultValueFactory = _ => new DirectoryInfo(Path.GetTempPath()) };
        var command = new Command("curves", "Measure how cost grows with events, sessions and the store; fails if anything grows faster than linearly.")
        {
            program, sizes, runs, docs, work,
        };
        command.SetAction(parse =>
        {
            var folder = Path.Combine(parse.GetValue(work)!.FullName, $"token-governance-curves-{Environment.ProcessId}");
            var build = folder + "-program";
            try
            {
                var built = parse.GetValue(program)?.FullName ?? BuiltProgram.Build(build);

                return Run(Console.Out, folder, built, parse.GetValue(sizes)!, parse.GetValue(runs), parse.GetValue(docs)?.FullName);
            }
            finally
            {
                Delete(folder);
                Delete(build);
            }
        });

        return command;
    }

    public static Option<string> Sizes(string usual)
    {
        var option = new Option<string>("--sizes") { Description = "At which sizes: quick takes some minutes, usual ten times as long, full (to 10 million) hours.", DefaultValueFactory = _ => usual };
        option.AcceptOnlyFromAmong(CurveSizes.Names);

        return option;
    }

    /// <returns>1 if something grows faster than linearly.</returns>
    public static int Run(TextWriter output, string folder, string program, string sizes, int runs, string? docs)
    {
        var curves = new CurveRun(folder, program, CurveSizes.Of(sizes), runs).Run();
        using var table = new StringWriter();
        CurveTable.Write(table, curves);
        output.Write(table);
        if (docs is not null)
        {
            File.WriteAllText(Path.Combine(docs, "images", "growth.svg"), CurvePicture.Draw(curves));
            Replace(Path.Combine(docs, "performance.md"), table.ToString());
        }

        foreach (var curve in curves.Where(curve => curve.IsSteep))
        {
            Console.Error.WriteLine($"error: {curve.Name} grows faster than the number of {curve.By}");
        }

        return curves.Any(curve => curve.IsSteep) ? 1 : 0;
    }

    static void Replace(string page, string table)
    {
        var text = File.ReadAllText(page);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin)
        {
            throw new InvalidOperationException($"{page} has no place for the tables: {Begin.Trim()} … {End.Trim()}");
        }

        File.WriteAllText(page, $"{text[..(begin + Begin.Length)]}\n{table}{text[end..]}");
    }

    static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
