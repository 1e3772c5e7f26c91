using TokenGovernance.Domain;
using TokenGovernance.Sources.OpenClaw;
using TokenGovernance.Sources.OpenClaw.Status;

namespace TokenGovernance.Collection;

/// <summary>One reading of every home and agent, one after another.</summary>
sealed class StatusRound(StatusPlan plan, Homes homes, TimeProvider time)
{
    readonly string _defaultHome = new OpenClawHome(plan.DefaultHome).Path;
    readonly StatusCommand _command = new(plan.OpenClawBin, plan.TimeLimit, time);

    /// <summary>Takes the readings. If there is no program to ask, that is the only one.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop" /> was requested.</exception>
    public async Task<IReadOnlyList<StatusReading>> ReadAsync(CancellationToken stop)
    {
        var readings = new List<StatusReading>();
        string?[] agents = plan.Agents.Count > 0 ? [.. plan.Agents] : [null];

        // A home that is missing is not asked about: OpenClaw would make it.
        foreach (var home in homes.FindUsable())
        {
            foreach (var agent in agents)
            {
                var reading = await _command.ReadAsync(home, home == _defaultHome, agent, stop);
                if (reading.IsMissing)
                {
                    return [reading];
                }

                readings.Add(reading);
            }
        }

        return readings;
    }
}
