using TokenGovernance.Domain;

namespace TokenGovernance.Sources.Runtimes.Codex;

/// <summary>Reads what is new in one rollout.</summary>
sealed class RolloutReader(RolloutFile file, SessionIdentity session, TimeProvider time)
    : RuntimeReader<RolloutCheckpoint>(file, file.CheckpointKey, time)
{
    RolloutState _state = new();

    protected override void Begin(RolloutCheckpoint? checkpoint) => _state = checkpoint?.State?.Copy() ?? file.NewState();

    protected override RuntimeBatch NewBatch() => new RolloutBatch(_state, session, file.Path);

    protected override RolloutCheckpoint NewCheckpoint() => new() { State = _state.Copy() };
}
