using TokenGovernance.Configuration;
using TokenGovernance.Domain;

namespace TokenGovernance.Setup;

/// <summary>What setting up does, in order, before anything is done.</summary>
/// <param name="Steps">Each thing that is done or left alone.</param>
/// <param name="Notes">What to know and to type afterwards.</param>
sealed record SetupPlan(IReadOnlyList<SetupStep> Steps, IReadOnlyList<string> Notes)
{
    /// <summary>Folder of the store, configuration, and the service if there is one.</summary>
    /// <exception cref="UserFacingException">A file of that name is somebody else's.</exception>
    public static SetupPlan Install(SetupFacts facts, ISystemService? service)
    {
        var steps = new List<SetupStep>();
        if (!Directory.Exists(facts.StoreFolder))
        {
            steps.Add(new MakeFolder(facts.StoreFolder));
        }

        steps.Add(Exists(facts.Configuration)
            ? new KeepFile(facts.Configuration, "it is there; setting up never changes it")
            : new WriteFile(facts.Configuration, ConfigurationText(facts)));
        if (service is null)
        {
            return new SetupPlan(steps, []);
        }

        var isAgain = service.AllPaths.Any(Exists);
        foreach (var file in service.Files)
        {
            steps.Add(ReadOurs(file.Path) == file.Text ? new KeepFile(file.Path, "it is as it should be") : file);
        }

        return new SetupPlan([.. steps, .. service.Start(isAgain)], [.. service.Advice]);
    }

    /// <summary>Takes back what <see cref="Install" /> made; the store stays.</summary>
    /// <param name="facts">What was found.</param>
    /// <param name="service">The kind of service.</param>
    /// <param name="isThere">The system can be asked to stop it; else its files go, and that is all.</param>
    public static SetupPlan Remove(SetupFacts facts, ISystemService? service, bool isThere)
    {
        var steps = new List<SetupStep>();
        IReadOnlyList<string> there = [.. (service?.AllPaths ?? []).Where(Exists)];
        IReadOnlyList<string> ours = [.. there.Where(IsOurs)];
        if (service is not null && ours.Count > 0)
        {
            steps.AddRange([.. isThere ? service.Stop(ours) : [], .. ours.Select(path => new DeleteFile(path)), .. isThere ? service.Forget() : []]);
        }

        steps.AddRange(there.Except(ours).Select(path => new KeepFile(path, "setting up did not write it")));
        if (Exists(facts.Configuration))
        {
            steps.Add(File.ReadAllText(facts.Configuration) == ConfigurationText(facts)
                ? new DeleteFile(facts.Configuration)
                : new KeepFile(facts.Configuration, "it says other things than setting up wrote; delete it yourself if you want"));
        }

        if (Exists(facts.Store))
        {
            steps.Add(new KeepFile(facts.Store, "the store and its history stay; delete it yourself if you want"));
        }

        return new SetupPlan(steps, []);
    }

    static string ConfigurationText(SetupFacts facts) => ExampleFile.With(facts.Store, facts.Homes, facts.OpenClaw, facts.TimeZone);

    static bool Exists(string path) => new FileInfo(path) is { Exists: true } or { LinkTarget: not null };

    static bool IsOurs(string path) => File.Exists(path) && DeployFile.IsOurs(File.ReadAllText(path));

    /// <summary>The text of a file that setting up wrote, or NULL if there is no file.</summary>
    static string? ReadOurs(string path) =>
        !Exists(path) ? null
        : IsOurs(path) ? File.ReadAllText(path)
        : throw new UserFacingException(
            $"{path} is there, and 'token-governance setup' did not write it. Nothing was done. Move it away first, or leave your service as it is and use --service none.");
}
