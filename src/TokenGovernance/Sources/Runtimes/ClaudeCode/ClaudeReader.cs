namespace TokenGovernance.Sources.Runtimes.ClaudeCode;

/// <summary>Reads what is new in one file of Claude Code.</summary>
sealed class ClaudeReader(ClaudeFile file, TimeProvider time) : RuntimeReader<ClaudeCheckpoint>(file, file.CheckpointKey, time)
{
    ClaudeState _state = new();

    protected override void Begin(ClaudeCheckpoint? checkpoint) => _state = checkpoint?.State is { } state ? state with { } : new ClaudeState();

    protected override RuntimeBatch NewBatch() => new ClaudeBatch(_state, file);

    protected override ClaudeCheckpoint NewCheckpoint() => new() { State = _state with { } };
}
