using System.Text.Json;
using System.Text.Json.Nodes;

namespace TokenGovernance.Serving.Mcp;

/// <summary>The Model Context Protocol over two streams: a JSON object a line, answered in order, until the input ends.</summary>
/// <remarks>It never calls the client and keeps no state; what a line asks for is answered, or refused with the reason.</remarks>
/// <param name="tools">What can be called.</param>
/// <param name="version">The program's version.</param>
sealed class McpServer(McpTools tools, string version)
{
    const int ParseError = -32700, InvalidRequest = -32600, MethodNotFound = -32601, InvalidParams = -32602, InternalError = -32603;

    /// <summary>Versions of the protocol that are spoken, newest first.</summary>
    static readonly string[] Versions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

    /// <summary>Answers until the input ends or <paramref name="stop" />.</summary>
    public async Task RunAsync(Stream input, Stream output, CancellationToken stop)
    {
        var lines = new LineReader(input);
        while (await lines.ReadAsync(stop) is { } line)
        {
            if (Answer(line) is { } answer)
            {
                await output.WriteAsync(System.Text.Encoding.UTF8.GetBytes(answer.ToJsonString() + "\n"), stop);
                await output.FlushAsync(stop);
            }
        }
    }

    /// <summary>The answer to a line; NULL where none is due.</summary>
    JsonObject? Answer(Line line)
    {
        if (line.IsTooLong)
        {
            return Error(null, InvalidRequest, $"A message has at most {LineReader.MaxBytes} bytes.");
        }

        JsonNode? message;
        try
        {
            message = JsonNode.Parse(line.Bytes);
        }
        catch (JsonException)
        {
            return Error(null, ParseError, "This is not JSON.");
        }

        if (message is not JsonObject request || TextOf(request["method"]) is not { } method)
        {
            // An answer to something that was never asked needs none.
            return message is JsonObject { } other && (other.ContainsKey("result") || other.ContainsKey("error")) ? null : Error(null, InvalidRequest, "This is no request.");
        }

        var id = request["id"];
        if (id is null)
        {
            return null;
        }

        return id.GetValueKind() is JsonValueKind.String or JsonValueKind.Number
            ? Handle(id, method, request["params"] as JsonObject ?? [])
            : Error(null, InvalidRequest, "An id is a text or a number.");
    }

    JsonObject Handle(JsonNode id, string method, JsonObject parameters)
    {
        try
        {
            return method switch
            {
                "initialize" => Result(id, Initialize(parameters)),
                "ping" => Result(id, new JsonObject()),
                "tools/list" => Result(id, McpTools.List()),
                "tools/call" => TextOf(parameters["name"]) is { } name && McpTools.Has(name)
                    ? Result(id, tools.Call(name, parameters["arguments"] as JsonObject ?? []))
                    : Error(id, InvalidParams, $"There is no such tool. Tools: {string.Join(", ", McpTools.Names)}."),
                _ => Error(id, MethodNotFound, $"There is no method '{method}' here."),
            };
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Error(id, InternalError, $"internal error ({e.GetType().Name}: {e.Message})");
        }
    }

    JsonObject Initialize(JsonObject parameters)
    {
        var asked = TextOf(parameters["protocolVersion"]);

        return new JsonObject
        {
            ["protocolVersion"] = Versions.Contains(asked) ? asked : Versions[0],
            ["capabilities"] = new JsonObject { ["tools"] = new JsonObject() },
            ["serverInfo"] = new JsonObject { ["name"] = "token-governance", ["version"] = version },
        };
    }

    static JsonObject Result(JsonNode id, JsonNode result) => new() { ["jsonrpc"] = "2.0", ["id"] = id.DeepClone(), ["result"] = result };

    static JsonObject Error(JsonNode? id, int code, string text) =>
        new() { ["jsonrpc"] = "2.0", ["id"] = id?.DeepClone(), ["error"] = new JsonObject { ["code"] = code, ["message"] = text } };

    static string? TextOf(JsonNode? node) => node?.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : null;
}
