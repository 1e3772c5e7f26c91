namespace TokenGovernance.Storage;

/// <summary>Tells whether a store may have changed.</summary>
/// <param name="State">Another text: it has.</param>
/// <param name="IsAtRest">False: it may change without another text, as it was written a moment ago.</param>
readonly record struct StoreStamp(string State, bool IsAtRest);
