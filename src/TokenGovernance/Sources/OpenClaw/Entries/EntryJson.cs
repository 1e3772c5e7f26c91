using System.Text.Json.Serialization;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.OpenClaw.Entries;

/// <summary>How the small objects around entries are read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(LenientString)], GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(TranscriptHeader))]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(ColdLine))]
[JsonSerializable(typeof(ThreadBinding))]
sealed partial class EntryJson : JsonSerializerContext;
