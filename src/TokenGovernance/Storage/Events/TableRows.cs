namespace TokenGovernance.Storage.Events;

/// <summary>The rows of a table, one at a time, in the order they came: nothing is kept and no text is converted.</summary>
abstract class TableRows : IDisposable
{
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>What each column holds.</summary>
    public abstract IReadOnlyList<EventColumnType> Types { get; }

    /// <summary>A cell of the current row; its text is valid until the next row.</summary>
    public abstract Cell this[int column] { get; }

    /// <summary>A time of the current row in ms since 1970; NULL if it is unknown, or none.</summary>
    public abstract long? TimeAt(int column);

    /// <summary>Goes to the next row; false if there is none.</summary>
    public abstract bool Next();

    public abstract void Dispose();
}
