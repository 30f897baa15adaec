using System.Text.Json.Nodes;

namespace Hybrid.Unit.Tests.Reporting;

/// <summary>Checks a value against the part of JSON Schema 2020-12 that this repository's schemas use.</summary>
internal static class SchemaCheck
{
    public static IEnumerable<string> Violations(JsonNode root, JsonNode schema, JsonNode? value, string path)
    {
        if (schema["$ref"]?.GetValue<string>() is { } reference)
        {
            schema = root["$defs"]![reference["#/$defs/".Length..]]!;
        }

        if (schema["const"] is { } constant && !JsonNode.DeepEquals(constant, value))
        {
            yield return $"{path} is not {constant}";
        }

        if (schema["enum"] is JsonArray allowed && !allowed.Any(one => JsonNode.DeepEquals(one, value)))
        {
            yield return $"{path} is none of {allowed.ToJsonString()}";
        }

        if (schema["type"]?.GetValue<string>() is { } type && !IsOf(type, value))
        {
            yield return $"{path} is no {type}";
            yield break;
        }

        if (schema["minimum"] is { } minimum && value!.GetValue<double>() < minimum.GetValue<double>())
        {
            yield return $"{path} is below {minimum}";
        }

        if (schema["maximum"] is { } maximum && value!.GetValue<double>() > maximum.GetValue<double>())
        {
            yield return $"{path} is above {maximum}";
        }

        if (schema["exclusiveMinimum"] is { } bound && value!.GetValue<double>() <= bound.GetValue<double>())
        {
            yield return $"{path} is not above {bound}";
        }

        foreach (var violation in value switch
        {
            JsonObject members => Members(root, schema, members, path),
            JsonArray items when schema["items"] is { } item => items.SelectMany((one, i) => Violations(root, item, one, $"{path}[{i}]")),
            _ => [],
        })
        {
            yield return violation;
        }
    }

    private static IEnumerable<string> Members(JsonNode root, JsonNode schema, JsonObject members, string path)
    {
        foreach (var required in schema["required"]?.AsArray() ?? [])
        {
            if (!members.ContainsKey(required!.GetValue<string>()))
            {
                yield return $"{path} lacks {required}";
            }
        }

        foreach (var (name, member) in members)
        {
            if (schema["propertyNames"]?["enum"] is JsonArray names && !names.Any(one => one!.GetValue<string>() == name))
            {
                yield return $"{path} has a member {name}";
            }

            var known = schema["properties"]?[name] ?? schema["additionalProperties"];
            if (known is JsonObject next)
            {
                foreach (var violation in Violations(root, next, member, $"{path}.{name}"))
                {
                    yield return violation;
                }
            }
            else if (known is JsonValue flag && !flag.GetValue<bool>())
            {
                yield return $"{path} has a member {name}";
            }
        }
    }

    private static bool IsOf(string type, JsonNode? value) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value?.GetValueKind() == System.Text.Json.JsonValueKind.String,
        "boolean" => value?.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        "integer" => value?.GetValueKind() == System.Text.Json.JsonValueKind.Number && value.GetValue<double>() % 1 == 0,
        _ => value?.GetValueKind() == System.Text.Json.JsonValueKind.Number,
    };
}
