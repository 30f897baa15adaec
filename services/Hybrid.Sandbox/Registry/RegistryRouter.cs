using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.Registry;

/// <summary>What a route answers: a value and how to write it, or an error as an exception.</summary>
/// <param name="Operation">Its name in the request counts.</param>
/// <param name="Body">The answer in UTF-8.</param>
internal readonly record struct RegistryAnswer(string Operation, byte[] Body)
{
    public static RegistryAnswer Json<T>(string operation, T value, JsonTypeInfo<T> type) =>
        new(operation, JsonSerializer.SerializeToUtf8Bytes(value, type));
}

/// <summary>The routes of the Schema Registry REST API, version 1.</summary>
internal sealed class RegistryRouter(SchemaCatalogue catalogue)
{
    private const int LargestBody = 8 << 20;

    private static readonly RegistryJson Json = RegistryJson.Answers;

    /// <param name="request">The request.</param>
    /// <param name="path">Its path, split and decoded.</param>
    /// <exception cref="RegistryException">The answer is an error.</exception>
    public async Task<RegistryAnswer> AnswerAsync(HttpRequest request, string[] path)
    {
        var method = request.Method;
        return path switch
        {
            [] => Only("GET", method, () => RegistryAnswer.Json(
                "Root", new Dictionary<string, string>(), Json.IReadOnlyDictionaryStringString)),
            ["subjects"] => Only("GET", method, () => RegistryAnswer.Json(
                "ListSubjects", catalogue.Subjects(Prefix(request), Shown(request)), Json.IReadOnlyListString)),
            ["subjects", var subject] => method switch
            {
                "POST" => Lookup(request, subject, await ReadAsync(request, Json.SchemaRequest).ConfigureAwait(false)),
                "DELETE" => RegistryAnswer.Json(
                    "DeleteSubject", catalogue.DeleteSubject(subject, Flag(request, "permanent")), Json.IReadOnlyListInt32),
                _ => throw RegistryException.MethodNotAllowed(),
            },
            ["subjects", var subject, "versions"] => method switch
            {
                "GET" => RegistryAnswer.Json(
                    "ListVersions", catalogue.Versions(subject, Shown(request)), Json.IReadOnlyListInt32),
                "POST" => Register(request, subject, await ReadAsync(request, Json.SchemaRequest).ConfigureAwait(false)),
                _ => throw RegistryException.MethodNotAllowed(),
            },
            ["subjects", var subject, "versions", var version] => method switch
            {
                "GET" => RegistryAnswer.Json(
                    "GetVersion", Describe(subject, catalogue.Version(subject, Version(version), Shown(request))), Json.VersionAnswer),
                "DELETE" => RegistryAnswer.Json(
                    "DeleteVersion", catalogue.DeleteVersion(subject, Version(version), Flag(request, "permanent")), Json.Int32),
                _ => throw RegistryException.MethodNotAllowed(),
            },
            ["subjects", var subject, "versions", var version, "schema"] => Only("GET", method, () =>
                Text("GetVersion", catalogue.Version(subject, Version(version), Shown(request)).Schema.Text)),
            ["subjects", var subject, "versions", var version, "referencedby"] => Only("GET", method, () => RegistryAnswer.Json(
                "ReferencedBy", catalogue.ReferencedBy(subject, Version(version)), Json.IReadOnlyListInt32)),
            ["schemas", .. var rest] => Only("GET", method, () => Schemas(request, rest)),
            ["compatibility", "subjects", var subject, "versions", .. var rest] when method == "POST" && rest.Length <= 1 =>
                Compatibility(request, subject, rest.FirstOrDefault(), await ReadAsync(request, Json.SchemaRequest).ConfigureAwait(false)),
            ["config"] => await ConfigAsync(request, null).ConfigureAwait(false),
            ["config", var subject] => await ConfigAsync(request, subject).ConfigureAwait(false),
            ["mode"] => await ModeAsync(request, null).ConfigureAwait(false),
            ["mode", var subject] => await ModeAsync(request, subject).ConfigureAwait(false),
            ["contexts"] => Only("GET", method, () => RegistryAnswer.Json<IReadOnlyList<string>>(
                "ListContexts", ["."], Json.IReadOnlyListString)),
            _ => throw RegistryException.UnknownPath(),
        };
    }

    private static RegistryAnswer Only(string allowed, string method, Func<RegistryAnswer> answer) =>
        method == allowed ? answer() : throw RegistryException.MethodNotAllowed();

    private static RegistryAnswer Text(string operation, string schema) => new(operation, System.Text.Encoding.UTF8.GetBytes(schema));

    private static VersionAnswer Describe(string subject, SubjectVersion version) =>
        new(subject, version.Version, version.Schema.Id, version.Schema.Text, References(version.Schema));

    private static IReadOnlyList<SchemaReference>? References(RegisteredSchema schema) =>
        schema.References.Count > 0 ? schema.References : null;

    private static string Prefix(HttpRequest request) =>
        request.Query["subjectPrefix"].ToString() is var prefix && prefix.StartsWith(":*:", StringComparison.Ordinal)
        ? prefix[3..]
        : prefix;

    private static bool Flag(HttpRequest request, string name) =>
        string.Equals(request.Query[name], "true", StringComparison.OrdinalIgnoreCase);

    private static int? Version(string text)
    {
        if (text is "latest" or "-1")
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0
            ? version
            : throw RegistryException.InvalidVersion(text);
    }

    private static async Task<T> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted).ConfigureAwait(false)) > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > LargestBody)
            {
                throw RegistryException.BodyTooLarge(LargestBody);
            }
        }

        try
        {
            return JsonSerializer.Deserialize(body.GetBuffer().AsSpan(0, (int)body.Length), type)
                ?? throw RegistryException.BadRequest("The body is null.");
        }
        catch (JsonException exception)
        {
            throw RegistryException.BadRequest($"The body is not the JSON expected: {exception.Message}");
        }
    }

    private static Deleted Shown(HttpRequest request) =>
        Flag(request, "deletedOnly") ? Deleted.Only : Flag(request, "deleted") ? Deleted.Included : Deleted.Hidden;

    private RegistryAnswer Register(HttpRequest request, string subject, SchemaRequest schema) =>
        RegistryAnswer.Json("Register", new IdAnswer(catalogue.Register(subject, schema, Flag(request, "normalize"))), Json.IdAnswer);

    private RegistryAnswer Lookup(HttpRequest request, string subject, SchemaRequest schema)
    {
        var found = catalogue.Find(subject, schema, Shown(request), Flag(request, "normalize"));
        return RegistryAnswer.Json("Lookup", Describe(subject, found), Json.VersionAnswer);
    }

    private RegistryAnswer Schemas(HttpRequest request, string[] path)
    {
        switch (path)
        {
            case []:
                IReadOnlyList<VersionAnswer> all = [.. catalogue
                    .All(Prefix(request), Shown(request), Flag(request, "latestOnly"))
                    .Select(static found => Describe(found.Subject, found.Version))];
                return RegistryAnswer.Json("ListSchemas", all, Json.IReadOnlyListVersionAnswer);
            case ["types"]:
                return RegistryAnswer.Json<IReadOnlyList<string>>("ListTypes", ["AVRO"], Json.IReadOnlyListString);
            case ["ids", var id]:
                var schema = catalogue.Schema(Id(id));
                return RegistryAnswer.Json("GetSchema", new SchemaAnswer(schema.Text, References(schema)), Json.SchemaAnswer);
            case ["ids", var id, "schema"]:
                return Text("GetSchema", catalogue.Schema(Id(id)).Text);
            case ["ids", var id, "versions"]:
                return RegistryAnswer.Json(
                    "ListUses", catalogue.Uses(Id(id), Shown(request)), Json.IReadOnlyListSubjectVersionAnswer);
            case ["ids", var id, "subjects"]:
                IReadOnlyList<string> subjects =
                    [.. catalogue.Uses(Id(id), Shown(request)).Select(static use => use.Subject).Distinct(StringComparer.Ordinal)];
                return RegistryAnswer.Json("ListUses", subjects, Json.IReadOnlyListString);
            default:
                throw RegistryException.UnknownPath();
        }
    }

    private static int Id(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw RegistryException.UnknownPath();

    private RegistryAnswer Compatibility(HttpRequest request, string subject, string? version, SchemaRequest schema)
    {
        var against = version is null ? null : Against(subject, Version(version));
        var problems = against is null && version is not null
            ? []
            : catalogue.Incompatibilities(subject, schema, against, Flag(request, "normalize"));
        var messages = Flag(request, "verbose") ? problems : null;
        return RegistryAnswer.Json("CheckCompatibility", new CompatibilityAnswer(problems.Count == 0, messages), Json.CompatibilityAnswer);
    }

    /// <summary>The version to be held against; null when the latest is wanted and there is none, with which everything gets on.</summary>
    /// <exception cref="RegistryException">40402.</exception>
    private SubjectVersion? Against(string subject, int? version)
    {
        try
        {
            return catalogue.Version(subject, version, Deleted.Hidden);
        }
        catch (RegistryException)
        {
            return version is null ? null : throw RegistryException.VersionNotFound(version.Value.ToString(CultureInfo.InvariantCulture));
        }
    }

    private async Task<RegistryAnswer> ModeAsync(HttpRequest request, string? subject)
    {
        switch (request.Method)
        {
            case "GET":
                var mode = catalogue.Mode(subject, subject is null || Flag(request, "defaultToGlobal"))
                    ?? throw RegistryException.NoSubjectMode(subject!);
                return Mode("GetMode", mode);
            case "PUT":
                var wanted = (await ReadAsync(request, Json.ModeBody).ConfigureAwait(false)).Mode;
                if (!Enum.TryParse<RegistryMode>(wanted, ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed))
                {
                    throw RegistryException.InvalidMode(wanted);
                }

                catalogue.SetMode(subject, parsed, Flag(request, "force"));
                return Mode("PutMode", parsed);
            case "DELETE":
                var previous = catalogue.Mode(subject, orGlobal: false) ?? throw RegistryException.SubjectNotFound(subject!);
                catalogue.SetMode(subject, null, force: true);
                return Mode("DeleteMode", previous);
            default:
                throw RegistryException.MethodNotAllowed();
        }
    }

    private static RegistryAnswer Mode(string operation, RegistryMode mode) =>
        RegistryAnswer.Json(operation, new ModeBody(mode.ToString()), Json.ModeBody);

    private async Task<RegistryAnswer> ConfigAsync(HttpRequest request, string? subject)
    {
        switch (request.Method)
        {
            case "GET":
                var level = catalogue.Level(subject, Flag(request, "defaultToGlobal"))
                    ?? throw RegistryException.NoSubjectCompatibility(subject!);
                return RegistryAnswer.Json("GetConfig", new ConfigRead(level.Name), Json.ConfigRead);
            case "PUT":
                var wanted = CompatibilityLevel.Parse((await ReadAsync(request, Json.ConfigRequest).ConfigureAwait(false)).Compatibility);
                catalogue.SetLevel(subject, wanted);
                return RegistryAnswer.Json("PutConfig", new ConfigWritten(wanted.Name), Json.ConfigWritten);
            case "DELETE":
                var previous = catalogue.Level(subject, orGlobal: false) ?? throw RegistryException.SubjectNotFound(subject!);
                catalogue.SetLevel(subject, null);
                return RegistryAnswer.Json("DeleteConfig", new ConfigRead(previous.Name), Json.ConfigRead);
            default:
                throw RegistryException.MethodNotAllowed();
        }
    }
}
