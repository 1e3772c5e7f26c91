using System.Text;

namespace TokenGovernance.Tests.Proof;

/// <summary>A home that is written to while it is read: log files in torn pieces, and a database with an open writer.</summary>
sealed class BusyHome : IDisposable
{
    const int Files = 4;
    const int LinesPerRound = 150;
    const int RowsPerRound = 300;

    readonly Random _random;
    readonly TranscriptWriter _writer = new();
    readonly DatabaseWriter _database;
    readonly FileStream[] _files;
    readonly byte[][] _rest = [.. Enumerable.Repeat<byte[]>([], Files)];
    int _rows;

    public BusyHome(string path, Random random)
    {
        _random = random;
        var agent = Path.Combine(path, "agents", "main");
        _database = new DatabaseWriter(agent);
        _database.AddSession("db", "agent:main:main", previous: null);
        _database.Insert("db", _rows++, _writer.Header("db"), isCompressed: false);
        _files =
        [
            .. Enumerable.Range(0, Files).Select(i => new FileStream(
                Path.Combine(agent, "sessions", $"s{i}.jsonl"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0)),
        ];
        for (var i = 0; i < Files; i++)
        {
            _files[i].Write(Encoding.UTF8.GetBytes(_writer.Header($"s{i}") + "\n"));
        }
    }

    /// <summary>All that was written, or will be once <see cref="Finish" /> has run, with the session of each.</summary>
    public List<(Answer Answer, string Session)> Written { get; } = [];

    /// <summary>Writes as much as a busy minute brings; every file ends in the middle of a line.</summary>
    public void WriteRound()
    {
        var texts = Enumerable.Range(0, Files).Select(Lines).ToArray();
        for (var row = 0; row < RowsPerRound;)
        {
            row += WriteRows(Math.Min(RowsPerRound - row, _random.Next(1, 60)));
            var file = _random.Next(Files);
            var length = Math.Min(texts[file].Length, _random.Next(1, 8000));
            _files[file].Write(texts[file].AsSpan(0, length));
            texts[file] = texts[file][length..];
        }

        for (var file = 0; file < Files; file++)
        {
            var keep = Math.Min(texts[file].Length, _random.Next(1, 200));
            _files[file].Write(texts[file].AsSpan(0, texts[file].Length - keep));
            _rest[file] = texts[file][^keep..];
        }
    }

    /// <summary>Completes every torn line.</summary>
    public void Finish()
    {
        for (var file = 0; file < Files; file++)
        {
            _files[file].Write(_rest[file]);
            _rest[file] = [];
        }
    }

    /// <summary>Every event of the store was written, and none is there twice. Looks at a copy: the store stays as it was left.</summary>
    public void ShouldHoldPartOf(string db)
    {
        using var copy = new TempFolder();
        foreach (var file in new[] { db, $"{db}-wal" }.Where(File.Exists))
        {
            File.Copy(file, copy[Path.GetFileName(file)]);
        }

        var ids = Written.Select(written => written.Answer.Id).ToHashSet();
        var stored = File.Exists(db) ? StoreRows.Events(copy[Path.GetFileName(db)]).Select(row => row.Text("entry_id")!).ToList() : [];
        stored.Should().OnlyHaveUniqueItems();
        stored.Where(id => !ids.Contains(id)).Should().BeEmpty();
    }

    /// <summary>After a collection every entry is in the store once, as it was written.</summary>
    public void ShouldAllBeIn(string db, Func<CliResult> collect)
    {
        var last = collect();
        (last.ExitCode, last.Error).Should().Be((0, ""));
        StoreRows.Query(db, "PRAGMA integrity_check").Single().Text("integrity_check").Should().Be("ok");
        StoreRows.Events(db)
            .Select(row => (Id: row.Text("entry_id"), row.Number("input_tokens"), row.Number("output_tokens"), (double?)row["cost_total"], row.Text("session_id")))
            .OrderBy(row => row.Id, StringComparer.Ordinal)
            .Should().Equal(Written
                .Select(w => ((string?)w.Answer.Id, (long?)w.Answer.Input, (long?)w.Answer.Output, (double?)w.Answer.Cost, (string?)w.Session))
                .OrderBy(w => w.Item1, StringComparer.Ordinal));
    }

    public void Dispose()
    {
        foreach (var file in _files)
        {
            file.Dispose();
        }

        _database.Dispose();
    }

    byte[] Lines(int file) =>
        [.. _rest[file], .. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, LinesPerRound).Select(_ => Answer($"s{file}") + "\n")))];

    int WriteRows(int count)
    {
        _database.Begin();
        for (var i = 0; i < count; i++)
        {
            _database.Insert("db", _rows, Answer("db"), isCompressed: _rows++ % 3 == 0);
        }

        _database.Commit();

        return count;
    }

    string Answer(string session)
    {
        var text = _writer.Answer();
        Written.Add(((Answer)_writer.Find(text)!, session));

        return text;
    }
}
