using System.Text;

namespace TokenGovernance.Tests.Proof;

/// <summary>The file of one simulated thread: how much of it is written, where it is, and what happens to it.</summary>
sealed class RolloutOnDisk(SimulatedThread thread, TempFolder folder, StepClock clock, string codexHome, string day)
{
    readonly List<(string Text, SimulatedLineKind Kind)> _lines = [];
    byte[] _written = [];
    int _taken, _line, _column;
    string? _place;
    bool _isHidden = true, _isCompressed;

    public bool IsArchived => _place is not null;

    string Folder => Path.Combine(codexHome, _place ?? $"sessions/{day}");

    string Plain => folder[Path.Combine(Folder, thread.FileName)];

    string Compressed => Plain + ".zst";

    /// <summary>Writes so many more bytes of what the thread has to say.</summary>
    public void Grow(int bytes)
    {
        Take();
        var piece = new List<byte>();
        while (_line < _lines.Count && piece.Count < bytes)
        {
            var line = Encoding.UTF8.GetBytes(_lines[_line].Text + "\n").AsSpan(_column);
            var some = Math.Min(line.Length, bytes - piece.Count);
            piece.AddRange(line[..some]);
            (_line, _column) = some == line.Length ? (_line + 1, 0) : (_line, _column + some);
        }

        if (_isCompressed || (_isHidden && _written.Length > 0))
        {
            // Nobody appends to a compressed file: it is unpacked before.
            Restore();
        }

        _isHidden = false;
        _written = [.. _written, .. piece];
        Directory.CreateDirectory(Path.GetDirectoryName(Plain)!);
        using (var stream = new FileStream(Plain, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
        {
            stream.Write([.. piece]);
        }

        Stamp();
    }

    /// <summary>Codex dies within a line that does not count, or before its newline: the rest of it never comes.</summary>
    public void Kill()
    {
        Take();
        if (_column > 0 && (_lines[_line].Kind is SimulatedLineKind.Other || _column == Encoding.UTF8.GetByteCount(_lines[_line].Text)))
        {
            (_line, _column) = (_line + 1, 0);
        }
    }

    public void MoveTo(string? place)
    {
        if (_isHidden || _isCompressed)
        {
            return;
        }

        var from = Plain;
        _place = place;
        Directory.CreateDirectory(Path.GetDirectoryName(Plain)!);
        File.Move(from, Plain, overwrite: true);
        Stamp();
        clock.Stamp(Path.GetDirectoryName(from)!);
    }

    public void Compress(bool keepPlain)
    {
        if (_isHidden || _isCompressed || _column > 0)
        {
            return;
        }

        File.WriteAllBytes(Compressed, RawFrame.Of(_written));
        if (!keepPlain)
        {
            File.Delete(Plain);
            _isCompressed = true;
        }

        Stamp();
    }

    /// <summary>Another file with the same content takes its place.</summary>
    public void Replace()
    {
        if (!_isHidden && !_isCompressed)
        {
            File.WriteAllBytes(folder["new.tmp"], _written);
            File.Move(folder["new.tmp"], Plain, overwrite: true);
            Stamp();
        }
    }

    public void Hide()
    {
        if (!_isHidden)
        {
            _isHidden = true;
            _isCompressed = false;
            File.Delete(Plain);
            File.Delete(Compressed);
            Stamp();
        }
    }

    public void Show()
    {
        if (_isHidden)
        {
            _isHidden = false;
            Restore();
            Stamp();
        }
    }

    void Restore()
    {
        _isCompressed = false;
        Directory.CreateDirectory(Path.GetDirectoryName(Plain)!);
        File.WriteAllBytes(Plain, _written);
        File.Delete(Compressed);
    }

    void Take()
    {
        for (; _taken < thread.Written.Count; _taken++)
        {
            _lines.Add(thread.Written[_taken]);
        }
    }

    void Stamp()
    {
        clock.Stamp(Plain);
        clock.Stamp(Compressed);
        clock.Stamp(Path.GetDirectoryName(Plain)!);
    }
}
