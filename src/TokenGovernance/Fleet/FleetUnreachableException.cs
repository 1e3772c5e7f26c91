namespace TokenGovernance.Fleet;

/// <summary>The fleet's database could not be reached, or takes nothing now: nothing is lost, and the next push goes on.</summary>
sealed class FleetUnreachableException(string message, Exception inner) : Exception(message, inner);
