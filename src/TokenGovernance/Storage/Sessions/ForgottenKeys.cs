using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Sessions;

/// <summary>The `forgotten_keys` table: keys of sessions that are stored without what names a person or a group, whoever says them again.</summary>
/// <remarks>Only hashes are kept, with a salt: who has the store cannot read in it who was forgotten, but can ask whether a known one was.</remarks>
sealed class ForgottenKeys
{
    const int HashSize = 16;

    readonly SqliteConnection _connection;
    readonly HashSet<string> _hashes = [];
    byte[] _salt = [];

    public ForgottenKeys(SqliteConnection connection)
    {
        _connection = connection;
        Load();
    }

    /// <summary>Reads it again: another process may have forgotten somebody.</summary>
    public void Load()
    {
        _hashes.Clear();
        using var command = _connection.Prepare("SELECT hash FROM forgotten_keys");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            _hashes.Add(Convert.ToHexString(reader.GetFieldValue<byte[]>(0)));
        }

        using var salt = _connection.Prepare("SELECT salt FROM retention_state");
        _salt = (byte[])salt.ExecuteScalar()!;
    }

    /// <summary>Forgets a key, with all that begins with it, or a person or group in whatever key.</summary>
    public void Add(string text, bool isPeer, long nowMs)
    {
        var hash = HashOf(text, isPeer);
        if (_hashes.Add(Convert.ToHexString(hash)))
        {
            using var insert = _connection.Prepare("INSERT INTO forgotten_keys (hash, forgotten_ms) VALUES ($p0, $p1)");
            insert.With(hash, nowMs).ExecuteNonQuery();
        }
    }

    /// <summary>What may be stored of a session.</summary>
    public SessionInfo Hide(SessionInfo info) => _hashes.Count == 0 ? info : info with
    {
        SessionKey = Hide(info.SessionKey),
        SpawnedBy = Hide(info.SpawnedBy),
        ParentSessionKey = Hide(info.ParentSessionKey),
    };

    /// <summary>A key, without what names a person or a group if it was forgotten: kind and channel stay.</summary>
    public string? Hide(string? key) => key is not null && _hashes.Count > 0 && IsForgotten(key) ? MaskedKey.Of(key) : key;

    bool IsForgotten(string key) =>
        MaskedKey.HiddenParts(key).Any(part => Contains(part, isPeer: true))
        || Enumerable.Range(0, key.Length + 1).Where(end => end == key.Length || key[end] == ':').Any(end => Contains(key[..end], isPeer: false));

    bool Contains(string text, bool isPeer) => _hashes.Contains(Convert.ToHexString(HashOf(text, isPeer)));

    byte[] HashOf(string text, bool isPeer) => HMACSHA256.HashData(_salt, Encoding.UTF8.GetBytes((isPeer ? "peer:" : "key:") + text))[..HashSize];
}
