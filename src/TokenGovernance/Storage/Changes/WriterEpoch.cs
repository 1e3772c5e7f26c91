using Microsoft.Data.Sqlite;

namespace TokenGovernance.Storage.Changes;

/// <summary>The epoch of one writer: begun with the first transaction of it that changes events.</summary>
sealed class WriterEpoch
{
    ChangePosition _before, _last;
    bool _isBegun, _isBegunHere;

    /// <summary>At the beginning of a transaction.</summary>
    public void Enter(SqliteConnection connection)
    {
        _before = ChangeEpochs.ReadPosition(connection);

        // Less than this writer left: an older copy was restored beneath it.
        _isBegun &= !_last.IsBeyond(_before);
        _isBegunHere = false;
    }

    /// <summary>At the end of a transaction, before it is committed.</summary>
    public void Leave(SqliteConnection connection)
    {
        var after = ChangeEpochs.ReadPosition(connection);
        if (!_isBegun && after != _before)
        {
            ChangeEpochs.Begin(connection, _before);
            _isBegunHere = true;
        }

        _before = after;
    }

    /// <summary>When it has been committed.</summary>
    public void Confirm()
    {
        _isBegun |= _isBegunHere;
        _last = _before;
    }
}
