using System.Text;

namespace TokenGovernance.Export.Parquet;

/// <summary>Writes one struct of Thrift's compact protocol, in which Parquet keeps all that is not data. Fields come in the order of their ids.</summary>
/// <param name="target">What is written to.</param>
sealed class ThriftStruct(ByteBuffer target)
{
    const byte True = 1, False = 2, Int32 = 5, Int64 = 6, Binary = 8, List = 9, Struct = 12;
    const byte LongList = 0xF0;

    int _lastField;

    public ThriftStruct Bool(int field, bool value) => Begin(field, value ? True : False);

    public ThriftStruct I32(int field, int value)
    {
        Begin(field, Int32);
        WriteZigzag(target, value);

        return this;
    }

    public ThriftStruct I64(int field, long value)
    {
        Begin(field, Int64);
        WriteZigzag(target, value);

        return this;
    }

    public ThriftStruct Bytes(int field, ReadOnlySpan<byte> value)
    {
        Begin(field, Binary);
        WriteBytes(target, value);

        return this;
    }

    public ThriftStruct Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ThriftStruct Nested(int field, Action<ThriftStruct> write)
    {
        Begin(field, Struct);
        Write(target, write);

        return this;
    }

    public ThriftStruct I32List(int field, params IReadOnlyCollection<int> values)
    {
        BeginList(field, values.Count, Int32);
        foreach (var value in values)
        {
            WriteZigzag(target, value);
        }

        return this;
    }

    public ThriftStruct TextList(int field, params IReadOnlyCollection<string> values)
    {
        BeginList(field, values.Count, Binary);
        foreach (var value in values)
        {
            WriteBytes(target, Encoding.UTF8.GetBytes(value));
        }

        return this;
    }

    public ThriftStruct StructList<T>(int field, IReadOnlyCollection<T> values, Action<ThriftStruct, T> write)
    {
        BeginList(field, values.Count, Struct);
        foreach (var value in values)
        {
            Write(target, nested => write(nested, value));
        }

        return this;
    }

    /// <summary>Writes a whole struct.</summary>
    public static void Write(ByteBuffer target, Action<ThriftStruct> write)
    {
        write(new ThriftStruct(target));
        target.Write(0);
    }

    ThriftStruct Begin(int field, byte type)
    {
        target.Write((byte)(((field - _lastField) << 4) | type));
        _lastField = field;

        return this;
    }

    void BeginList(int field, int count, byte type)
    {
        Begin(field, List);
        if (count < 15)
        {
            target.Write((byte)((count << 4) | type));
        }
        else
        {
            target.Write((byte)(LongList | type));
            target.WriteVarint((ulong)count);
        }
    }

    static void WriteBytes(ByteBuffer target, ReadOnlySpan<byte> value)
    {
        target.WriteVarint((ulong)value.Length);
        target.Write(value);
    }

    static void WriteZigzag(ByteBuffer target, long value) => target.WriteVarint((ulong)((value << 1) ^ (value >> 63)));
}
