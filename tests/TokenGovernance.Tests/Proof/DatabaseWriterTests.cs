namespace TokenGovernance.Tests.Proof;

/// <summary>What happens between two looks at a database, step by step.</summary>
public sealed class DatabaseWriterTests : IDisposable
{
    readonly Scene _scene = new();
    readonly TranscriptWriter _writer = new();
    readonly DatabaseWriter _database;
    readonly List<string> _rows = [];

    public DatabaseWriterTests()
    {
        _database = new DatabaseWriter(Path.Combine(_scene.Home.Path, "agents", "main"));
        _database.AddSession("s1", "agent:main:main", previous: null);
        Insert(_writer.Header("s1"), _writer.Answer());
    }

    public void Dispose()
    {
        _database.Dispose();
        _scene.Dispose();
    }

    [Fact]
    public void ASessionThatCameFromColdStorageGrewAndWentBackIsReadAgain()
    {
        Cool();
        _scene.Collect().Stored.Added.Should().Be(1);

        _database.TakeFromCold("s1", _database.File1);
        string[] all = [.. _rows, _writer.Answer()];
        _rows.Clear();
        Insert(all);
        Cool();

        _scene.Collect().Stored.Added.Should().Be(1, "nobody says that going into cold storage changes the generation");
    }

    [Fact]
    public void KeysOfAMillionCharactersAreBounded()
    {
        var key = $"agent:main:{new string('x', 1_000_000)}";
        _database.AddSession("s2", key, previous: null);
        _database.Insert("s2", 0, _writer.Answer(), isCompressed: false);
        _database.AddSession("s3", key, previous: null);
        _database.Insert("s3", 0, _writer.Answer(), isCompressed: false);
        _database.Archive("s3", key, _writer.Answer() + "\n", isCompressed: false);
        _database.DeleteSession("s3");

        _scene.Collect().Stored.Added.Should().Be(3);

        _scene.Events.Where(row => row.Text("session_id") != "s1").Select(row => row.Text("session_key")).Should()
            .Equal(Enumerable.Repeat(key[..1024], 2));
    }

    void Insert(params string[] entries)
    {
        foreach (var entry in entries)
        {
            _database.Insert("s1", _rows.Count, entry, isCompressed: false);
            _rows.Add(entry);
        }
    }

    void Cool() => _database.PutInCold("s1", _rows.Select((row, seq) => ((long)seq, row)), inFile: false);
}
