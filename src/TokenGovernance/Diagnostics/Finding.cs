namespace TokenGovernance.Diagnostics;

/// <summary>One thing the doctor looked at.</summary>
/// <param name="Area">`program`, `home`, `agent`, `sources`, `store`, `daemon`, `openclaw` or `clock`.</param>
/// <param name="Subject">Which one: a path, an agent, a version.</param>
/// <param name="NeedsAttention">Somebody should do something about it.</param>
/// <param name="Text">What was found, and what to do.</param>
sealed record Finding(string Area, string Subject, bool NeedsAttention, string Text);
