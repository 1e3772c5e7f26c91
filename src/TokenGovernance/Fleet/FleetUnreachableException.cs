using TokenGovernance.Domain;

namespace TokenGovernance.Fleet;

/// <summary>The fleet's database could not be reached, or takes or tells nothing now: nothing is lost, and the next try may do.</summary>
sealed class FleetUnreachableException(string message, Exception inner) : UserFacingException(message, inner);
