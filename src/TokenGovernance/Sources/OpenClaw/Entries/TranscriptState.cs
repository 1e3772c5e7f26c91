namespace TokenGovernance.Sources.OpenClaw.Entries;

/// <summary>What earlier entries of one transcript say about later ones. It is part of the transcript's checkpoint.</summary>
sealed record TranscriptState
{
    /// <summary>Provider of the last `model_change` or `model-snapshot`.</summary>
    public string? Provider { get; set; }

    /// <summary>Model of the last `model_change` or `model-snapshot`, for messages that name none.</summary>
    public string? Model { get; set; }
}
