namespace TokenGovernance.Export.Parquet;

/// <summary>Reads one struct of Thrift's compact protocol: what <see cref="ThriftStruct" /> writes.</summary>
sealed class ThriftFields
{
    const byte True = 1, False = 2, Int32 = 5, Int64 = 6, Binary = 8, List = 9, Struct = 12;

    readonly Dictionary<int, object> _values = [];

    ThriftFields()
    {
    }

    public static ThriftFields Read(ref ByteReader from)
    {
        var (fields, field) = (new ThriftFields(), 0);
        while (from.ReadByte() is not 0 and var head)
        {
            field = head >> 4 is > 0 and var step ? field + step : (int)from.ReadZigzag();
            fields._values[field] = ReadValue(ref from, (byte)(head & 0x0F));
        }

        return fields;
    }

    public bool Has(int field) => _values.ContainsKey(field);

    public long Number(int field) => Get<long>(field);

    public byte[] Bytes(int field) => Get<byte[]>(field);

    public ThriftFields Nested(int field) => Get<ThriftFields>(field);

    public IReadOnlyList<object> Items(int field) => Get<List<object>>(field);

    T Get<T>(int field) => _values.GetValueOrDefault(field) is T value ? value : throw new InvalidDataException($"field {field} is missing");

    static object ReadValue(ref ByteReader from, byte type)
    {
        switch (type)
        {
            case True or False:
                return type == True ? 1L : 0L;
            case Int32 or Int64:
                return from.ReadZigzag();
            case Binary:
                return from.Take(checked((int)from.ReadVarint())).ToArray();
            case Struct:
                return Read(ref from);
            case List:
                var head = from.ReadByte();
                var count = head >> 4 is < 15 and var few ? few : checked((int)from.ReadVarint());
                var items = new List<object>();
                for (var i = 0; i < count; i++)
                {
                    items.Add(ReadValue(ref from, (byte)(head & 0x0F)));
                }

                return items;
            default:
                throw new InvalidDataException($"type {type} is not known");
        }
    }
}
