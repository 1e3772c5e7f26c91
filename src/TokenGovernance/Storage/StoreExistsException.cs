namespace TokenGovernance.Storage;

/// <summary>While a new store was being filled, another process made one: nothing was stored, and what was read must be collected into that one.</summary>
sealed class StoreExistsException : Exception;
