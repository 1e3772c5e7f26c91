using Microsoft.Data.Sqlite;

namespace TokenGovernance.Benchmarks.Corpora;

/// <summary>Writes a corpus as a home of the SQLite era: one database an agent, long rows compressed, archives as `.zst` files.</summary>
sealed class SqliteHome(Corpus corpus, string folder)
{
    const int RowLevel = 1;
    const int ArchiveLevel = 3;

    const string Schema = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = OFF;
        CREATE TABLE session_windows (session_id TEXT NOT NULL PRIMARY KEY, session_key TEXT NOT NULL,
          previous_session_id TEXT, reason TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
          chat_type TEXT, channel TEXT, model_provider TEXT, model TEXT, agent_harness_id TEXT) STRICT;
        CREATE TABLE transcript_events (session_id TEXT NOT NULL, seq INTEGER NOT NULL, event_json TEXT, created_at INTEGER NOT NULL,
          event_zstd BLOB, event_utf8_bytes INTEGER, navigation_json TEXT, PRIMARY KEY (session_id, seq)) STRICT;
        """;

    /// <summary>Writes it and returns how many bytes it has on disk.</summary>
    public long Write()
    {
        using var writer = new TranscriptWriter(corpus.Pool, corpus.Size.TextBytes);
        using var rows = new FrameWriter(RowLevel);
        using var archives = new FrameWriter(ArchiveLevel);
        foreach (var agent in corpus.Sessions.GroupBy(session => session.Agent))
        {
            WriteAgent(agent.Key, agent, writer, rows, archives);
        }

        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length);
    }

    void WriteAgent(
        string agent, IEnumerable<PlannedSession> sessions, TranscriptWriter writer, FrameWriter rowFrames, FrameWriter archiveFrames)
    {
        var path = Path.Combine(folder, "agents", agent, "agent", "openclaw-agent.sqlite");
        var archives = Path.Combine(folder, "agents", agent, "sessions");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Directory.CreateDirectory(archives);

        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Schema;
        command.ExecuteNonQuery();
        using (var rows = new Rows(connection, rowFrames))
        {
            foreach (var session in sessions)
            {
                var lines = corpus.WriteTranscript(writer, session);
                if (session.Archive is null)
                {
                    rows.Add(session, lines);
                }
                else
                {
                    File.WriteAllBytes(Path.Combine(archives, $"{session.FileName}.zst"), archiveFrames.Compress(lines));
                }
            }

            rows.Commit();
        }

        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        command.ExecuteNonQuery();
    }

    /// <summary>The two inserts of one database, in one transaction.</summary>
    sealed class Rows : IDisposable
    {
        readonly FrameWriter _frames;
        readonly SqliteTransaction _transaction;
        readonly SqliteCommand _window, _row;

        public Rows(SqliteConnection connection, FrameWriter frames)
        {
            _frames = frames;
            _transaction = connection.BeginTransaction();
            _window = Prepare(connection, """
                INSERT INTO session_windows
                VALUES ($p0, $p1, NULL, 'initial', 0, 0, $p2, $p3, 'openai-codex', 'gpt-5.3-codex', NULL)
                """, 4);
            _row = Prepare(connection, """
                INSERT INTO transcript_events VALUES ($p0, $p1, $p2, $p3, $p4, $p5, $p6)
                """, 7);
        }

        public void Add(PlannedSession session, ReadOnlySpan<byte> lines)
        {
            var id = session.Id.ToString();
            Run(_window, id, session.Key, session.ChatType, session.Channel);
            for (var seq = 0L; !lines.IsEmpty; seq++)
            {
                var end = lines.IndexOf((byte)'\n');
                AddRow(id, seq, lines[..end]);
                lines = lines[(end + 1)..];
            }
        }

        public void Commit() => _transaction.Commit();

        public void Dispose()
        {
            _window.Dispose();
            _row.Dispose();
            _transaction.Dispose();
        }

        /// <summary>As OpenClaw does: entries of 1 KiB to 4 MiB are compressed where that saves 64 bytes and a tenth.</summary>
        void AddRow(string session, long seq, ReadOnlySpan<byte> line)
        {
            var frame = line.Length is >= 1024 and <= 4 << 20 ? _frames.Compress(line) : null;
            if (frame is not null && line.Length - frame.Length < Math.Max(64, line.Length / 10))
            {
                frame = null;
            }

            Run(
                _row, session, seq, frame is null ? System.Text.Encoding.UTF8.GetString(line) : null, Clock.StartMs + seq, frame,
                frame is null ? null : line.Length, frame is null ? null : NavigationWriter.Write(line));
        }

        static SqliteCommand Prepare(SqliteConnection connection, string sql, int parameters)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < parameters; i++)
            {
                command.Parameters.Add(new SqliteParameter($"$p{i}", DBNull.Value));
            }

            return command;
        }

        static void Run(SqliteCommand command, params ReadOnlySpan<object?> values)
        {
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters[i].Value = values[i] ?? DBNull.Value;
            }

            command.ExecuteNonQuery();
        }
    }
}
