using System.Text;
using TokenGovernance.Domain;

namespace TokenGovernance.Storage.Rollup;

/// <summary>A block as bytes and back. The form is the program's own and may change with <see cref="Version" />.</summary>
static class BlockCodec
{
    /// <summary>Stored beside the bytes; blocks of another version count as missing.</summary>
    public const int Version = 2;

    public static byte[] Encode(UsageBlock block)
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);

        writer.Write7BitEncodedInt(block.Names.Count);
        foreach (var name in block.Names.Skip(1))
        {
            writer.Write(name!);
        }

        writer.Write7BitEncodedInt(block.Keys.Count);
        foreach (var key in block.Keys)
        {
            WriteKey(writer, key);
        }

        writer.Write7BitEncodedInt(block.Rows.Count);
        var quarter = 0;
        foreach (var row in block.Rows)
        {
            // An unknown time comes first; the difference to it wraps, there and back.
            writer.Write7BitEncodedInt(unchecked(row.Quarter - quarter));
            quarter = row.Quarter;
            WriteRow(writer, row, block.Keys[row.Key].Cost);
        }

        return buffer.ToArray();
    }

    /// <summary>Reads a block.</summary>
    /// <param name="data">What <see cref="Encode" /> returned.</param>
    /// <param name="fromQuarter">Leaves out rows before this.</param>
    /// <param name="beforeQuarter">Leaves out rows from this on.</param>
    public static UsageBlock Decode(ReadOnlySpan<byte> data, int fromQuarter, int beforeQuarter)
    {
        var reader = new ByteReader(data);
        var names = new string?[reader.ReadInt()];
        for (var i = 1; i < names.Length; i++)
        {
            names[i] = reader.ReadText();
        }

        var keys = new UsageKey[reader.ReadInt()];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = ReadKey(ref reader);
        }

        var count = reader.ReadInt();
        var rows = new List<UsageRow>(count);
        var quarter = 0;
        for (var i = 0; i < count; i++)
        {
            quarter = unchecked(quarter + reader.ReadInt());
            var row = ReadRow(ref reader, quarter, keys);
            if (quarter >= fromQuarter && quarter < beforeQuarter)
            {
                rows.Add(row);
            }
        }

        return new UsageBlock(names, keys, rows);
    }

    static void WriteKey(BinaryWriter writer, in UsageKey key)
    {
        writer.Write((byte)key.Cost);
        foreach (var name in (ReadOnlySpan<int>)[
            key.Agent, key.Session, key.SessionKey, key.Channel, key.ChatType, key.Provider, key.Model, key.Trigger, key.Job, key.JobName])
        {
            writer.Write7BitEncodedInt(name);
        }
    }

    static UsageKey ReadKey(ref ByteReader reader)
    {
        var cost = (CostClass)reader.ReadByte();

        return new UsageKey(
            reader.ReadInt(), reader.ReadInt(), reader.ReadInt(), reader.ReadInt(), reader.ReadInt(), reader.ReadInt(), reader.ReadInt(),
            reader.ReadInt(), reader.ReadInt(), reader.ReadInt(), cost);
    }

    static void WriteRow(BinaryWriter writer, in UsageRow row, CostClass cost)
    {
        var counts = row.Counts;
        writer.Write7BitEncodedInt(row.Key);
        foreach (var count in (ReadOnlySpan<long>)[
            counts.Events, counts.Errors, counts.Input, counts.Output, counts.CacheRead, counts.CacheWrite, counts.Reasoning,
            counts.ReasoningSaid, counts.Total])
        {
            writer.Write7BitEncodedInt64(count);
        }

        if (CostRule.IsKnown(cost))
        {
            writer.Write7BitEncodedInt64((long)(row.Cost.Billionths >> 64));
            writer.Write7BitEncodedInt64((long)(ulong)(row.Cost.Billionths & ulong.MaxValue));
        }
    }

    static UsageRow ReadRow(ref ByteReader reader, int quarter, UsageKey[] keys)
    {
        var key = reader.ReadInt();
        var counts = new UsageCounts
        {
            Events = reader.ReadLong(),
            Errors = reader.ReadLong(),
            Input = reader.ReadLong(),
            Output = reader.ReadLong(),
            CacheRead = reader.ReadLong(),
            CacheWrite = reader.ReadLong(),
            Reasoning = reader.ReadLong(),
            ReasoningSaid = reader.ReadLong(),
            Total = reader.ReadLong(),
        };
        var cost = CostRule.IsKnown(keys[key].Cost)
            ? new Money(new Int128((ulong)reader.ReadLong(), (ulong)reader.ReadLong()))
            : default;

        return new UsageRow(quarter, key, counts, cost);
    }

    /// <summary>Reads what <see cref="BinaryWriter" /> wrote, without a stream.</summary>
    ref struct ByteReader(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> _rest = data;

        public byte ReadByte()
        {
            var value = _rest[0];
            _rest = _rest[1..];

            return value;
        }

        public int ReadInt() => (int)ReadLong();

        public long ReadLong()
        {
            var value = 0UL;
            var length = 0;
            byte part;
            do
            {
                part = _rest[length];
                value |= (ulong)(part & 0x7F) << (7 * length++);
            }
            while (part > 0x7F);

            _rest = _rest[length..];

            return (long)value;
        }

        public string ReadText()
        {
            var length = ReadInt();
            var text = Encoding.UTF8.GetString(_rest[..length]);
            _rest = _rest[length..];

            return text;
        }
    }
}
