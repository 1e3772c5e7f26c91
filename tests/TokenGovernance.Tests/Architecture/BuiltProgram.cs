using Mono.Cecil;
using Mono.Cecil.Cil;

namespace TokenGovernance.Tests.Architecture;

/// <summary>Which room of the built program uses which: every type that a member, a signature or an instruction names.</summary>
/// <remarks>A constant leaves no trace in what uses it: the compiler writes its value.</remarks>
static class BuiltProgram
{
    const string Root = "TokenGovernance";

    /// <summary>One use of a type of one room by a type of another. Rooms are namespaces without the root's name.</summary>
    internal sealed record Use(string From, string To, string User, string Used);

    /// <summary>Each pair of types in different rooms of which the first uses the second, once.</summary>
    public static IReadOnlyList<Use> FindUses()
    {
        using var module = ModuleDefinition.ReadModule(typeof(Program).Assembly.Location);
        var uses = new HashSet<Use>();

        foreach (var type in module.GetTypes())
        {
            if (RoomOf(type) is not { } from)
            {
                continue;
            }

            foreach (var used in TypesNamedBy(type).SelectMany(Parts))
            {
                if (RoomOf(used) is { } to && to != from)
                {
                    uses.Add(new Use(from, to, Outermost(type).Name, Outermost(used).Name));
                }
            }
        }

        return [.. uses.OrderBy(use => (use.From, use.To, use.User, use.Used).ToString(), StringComparer.Ordinal)];
    }

    /// <summary>The rooms that have a type.</summary>
    public static IReadOnlyList<string> FindRooms()
    {
        using var module = ModuleDefinition.ReadModule(typeof(Program).Assembly.Location);

        return [.. module.GetTypes().Select(RoomOf).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
    }

    static IEnumerable<TypeReference?> TypesNamedBy(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(implemented => implemented.InterfaceType),
        .. AttributesOf(type),
        .. ConstraintsOf(type),
        .. type.Fields.SelectMany(field => AttributesOf(field).Append(field.FieldType)),
        .. type.Properties.SelectMany(AttributesOf),
        .. type.Methods.SelectMany(TypesNamedBy),
    ];

    static IEnumerable<TypeReference?> TypesNamedBy(MethodDefinition method) =>
    [
        .. TypesNamedBySignature(method),
        .. AttributesOf(method),
        .. ConstraintsOf(method),
        .. method.Overrides.Select(overridden => overridden.DeclaringType),
        .. method.HasBody ? TypesNamedBy(method.Body) : [],
    ];

    static IEnumerable<TypeReference?> TypesNamedBy(MethodBody body) =>
    [
        .. body.Variables.Select(variable => variable.VariableType),
        .. body.ExceptionHandlers.Select(handler => handler.CatchType),
        .. body.Instructions.SelectMany(instruction => TypesNamedBy(instruction.Operand)),
    ];

    static IEnumerable<TypeReference?> TypesNamedBy(object? operand) => operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method => [.. TypesNamedBySignature(method), .. method.GenericArguments],
        MethodReference method => TypesNamedBySignature(method),
        _ => [],
    };

    static IEnumerable<TypeReference?> TypesNamedBySignature(MethodReference method) =>
        [method.DeclaringType, method.ReturnType, .. method.Parameters.Select(parameter => parameter.ParameterType)];

    static IEnumerable<TypeReference?> AttributesOf(ICustomAttributeProvider provider) =>
        provider.CustomAttributes.SelectMany(attribute => attribute.ConstructorArguments
            .Select(argument => argument.Value as TypeReference)
            .Prepend(attribute.AttributeType));

    static IEnumerable<TypeReference?> ConstraintsOf(IGenericParameterProvider provider) =>
        provider.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType);

    /// <summary>`Dictionary&lt;A, B[]&gt;` names a dictionary, an A and a B.</summary>
    static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null => [],
        GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)],
        IModifierType modified => Parts(modified.ElementType),
        TypeSpecification specified => Parts(specified.ElementType),
        _ => [type],
    };

    static string? RoomOf(TypeReference type)
    {
        var outermost = Outermost(type);

        return outermost is GenericParameter ? null
            : outermost.FullName == nameof(Program) ? nameof(Program)
            : outermost.Namespace.StartsWith($"{Root}.", StringComparison.Ordinal) ? outermost.Namespace[(Root.Length + 1)..]
            : null;
    }

    static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer && type is not GenericParameter ? Outermost(outer) : type;
}
