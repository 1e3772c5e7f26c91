using TokenGovernance.Export.Parquet;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Export;

/// <summary>The files of an export, written beside those whose place they take.</summary>
/// <param name="folder">The folder of the export.</param>
/// <param name="fileName">What each file is called, in the folder of its part.</param>
sealed class ParquetDraft(string folder, string fileName) : IDisposable
{
    readonly List<(TemporaryFile File, ManifestFile Entry)> _files = [];

    /// <summary>What was written, by table and part.</summary>
    public IReadOnlyList<(TemporaryFile File, ManifestFile Entry)> Files => _files;

    public void Dispose() => _files.ForEach(file => file.File.Dispose());

    /// <summary>Writes rows of a table, a file for each part that has any.</summary>
    /// <param name="store">The store.</param>
    /// <param name="table">The table.</param>
    /// <param name="options">How.</param>
    /// <param name="isWanted">Of these only rows of wanted times.</param>
    public void Write(IStoreReader store, string table, ParquetOptions options, Func<long, bool> isWanted)
    {
        using var source = store.OpenByTime(table);
        var columns = new ParquetTable(source.Rows, options.WithPeerIds);
        using var parquet = new ParquetWriter(columns.Columns, options.Compression, options.CreatedBy);
        var partitions = options.Partitions;
        var part = new Part(this, source, columns, parquet);
        foreach (var place in source.ReadPlaces(options.Range, isWanted).SelectMany(places => places))
        {
            part.Add(place, table, partitions);
        }

        part.End();
    }

    /// <summary>The file that is being written.</summary>
    sealed class Part(ParquetDraft draft, RowsByTime source, ParquetTable columns, ParquetWriter parquet)
    {
        readonly List<(long Id, int Row)> _group = new(ParquetWriter.RowGroupSize);
        TemporaryFile? _file;
        ManifestFile? _entry;
        ParquetTotals _totals;

        public void Add(RowPlace place, string table, Partitions partitions)
        {
            var partition = partitions.Of(place.Ms);
            if (partition.Value != _entry?.Partition)
            {
                End();
                Begin(table, partition, partitions.FolderOf(table, partition));
            }

            _group.Add((place.Id, _group.Count));
            if (_group.Count == ParquetWriter.RowGroupSize)
            {
                WriteGroup();
            }
        }

        public void End()
        {
            if (_file is null)
            {
                return;
            }

            if (_group.Count > 0)
            {
                WriteGroup();
            }

            parquet.End();
            var written = parquet.Length;
            draft._files[^1] = (_file, _entry! with { Rows = _totals.Rows, Bytes = written, TotalTokens = (decimal)_totals.Tokens, CostTotal = _totals.Cost.Dollars });
            _file.Finish();
            (_file, _entry) = (null, null);
        }

        void Begin(string table, Partition partition, string partFolder)
        {
            var path = $"{partFolder}/{draft.FileName}";
            Directory.CreateDirectory(Path.Combine(draft.Folder, partFolder));
            _entry = new ManifestFile(table, partition.Value, path, partition.FromMs == long.MinValue ? null : partition.FromMs, 0, 0, 0, 0);
            _file = TemporaryFile.For(Path.Combine(draft.Folder, path));
            draft._files.Add((_file, _entry));
            _totals = default;
            parquet.Begin(_file.Stream);
        }

        /// <summary>Reads the rows by their ids, in which order they lie side by side; in the file they come by time.</summary>
        void WriteGroup()
        {
            parquet.SetRows(_group.Count);
            _group.Sort();
            foreach (var (id, row) in _group)
            {
                source.Find(id);
                columns.Copy(parquet, row);
                _totals = columns.AddTo(_totals);
            }

            parquet.EndRowGroup();
            _group.Clear();
        }
    }

    string Folder => folder;

    string FileName => fileName;
}
