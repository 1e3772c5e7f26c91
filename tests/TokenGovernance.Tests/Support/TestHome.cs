using System.Text;

namespace TokenGovernance.Tests;

/// <summary>A state directory of OpenClaw's, made of the files that a test names.</summary>
sealed class TestHome
{
    public TestHome(string path)
    {
        Path = path;
        Directory.CreateDirectory(SessionsOf("main"));
    }

    public string Path { get; }

    /// <summary>Where the transcripts of agent `main` are.</summary>
    public string Sessions => SessionsOf("main");

    public string SessionsOf(string agent) => System.IO.Path.Combine(Path, "agents", agent, "sessions");

    /// <summary>Full path of a file beside the transcripts of agent `main`.</summary>
    public string FileOf(string name) => System.IO.Path.Combine(Sessions, name);

    /// <summary>Writes a transcript of agent `main`, a newline after each line.</summary>
    public string Log(string name, params string[] lines) => LogOf("main", name, lines);

    public string LogOf(string agent, string name, params string[] lines)
    {
        Directory.CreateDirectory(SessionsOf(agent));

        return Write(System.IO.Path.Combine(SessionsOf(agent), name), lines);
    }

    /// <summary>Writes a file of the import archive of agent `main`.</summary>
    public string Import(string name, params string[] lines)
    {
        var folder = System.IO.Path.Combine(Path, "agents", "main", "session-sqlite-import-archive");
        Directory.CreateDirectory(folder);

        return Write(System.IO.Path.Combine(folder, name), lines);
    }

    /// <summary>Appends whole lines to a transcript of agent `main`.</summary>
    public void Append(string name, params string[] lines) => AppendBytes(name, Encoding.UTF8.GetBytes(Text(lines)));

    public void AppendBytes(string name, ReadOnlySpan<byte> bytes)
    {
        using var file = File.Open(FileOf(name), FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        file.Write(bytes);
    }

    /// <summary>Writes `sessions.json` of agent `main`.</summary>
    public void Index(string json) => File.WriteAllText(FileOf("sessions.json"), json);

    static string Write(string path, string[] lines)
    {
        File.WriteAllText(path, Text(lines));

        return path;
    }

    static string Text(string[] lines) => string.Concat(lines.Select(line => line + "\n"));
}
