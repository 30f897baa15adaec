namespace Hybrid.Sandbox.Faults;

/// <summary>What a request to the schema registry asks for, told from its method and path before it is handled.</summary>
internal static class RegistryOperations
{
    /// <summary>All names.</summary>
    public static IEnumerable<string> Names { get; } =
    [
        "ListSubjects", "Lookup", "DeleteSubject", "ListVersions", "Register", "ReferencedBy", "GetVersion", "DeleteVersion", "ListSchemas", "ListTypes",
        "ListUses", "GetSchema", "CheckCompatibility", "GetConfig", "PutConfig", "DeleteConfig", "GetMode", "PutMode", "DeleteMode", "ListContexts",
        "Root", "Other",
    ];

    /// <summary>The name that the request counts give it.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path, split and decoded.</param>
    public static string Name(string method, string[] path) => (method, path) switch
    {
        ("GET", ["subjects"]) => "ListSubjects",
        ("POST", ["subjects", _]) => "Lookup",
        ("DELETE", ["subjects", _]) => "DeleteSubject",
        ("GET", ["subjects", _, "versions"]) => "ListVersions",
        ("POST", ["subjects", _, "versions"]) => "Register",
        ("GET", ["subjects", _, "versions", _, "referencedby"]) => "ReferencedBy",
        ("GET", ["subjects", _, "versions", _, ..]) => "GetVersion",
        ("DELETE", ["subjects", _, "versions", _]) => "DeleteVersion",
        ("GET", ["schemas"]) => "ListSchemas",
        ("GET", ["schemas", "types"]) => "ListTypes",
        ("GET", ["schemas", "ids", _, "versions" or "subjects"]) => "ListUses",
        ("GET", ["schemas", "ids", ..]) => "GetSchema",
        ("POST", ["compatibility", ..]) => "CheckCompatibility",
        ("GET", ["config", ..]) => "GetConfig",
        ("PUT", ["config", ..]) => "PutConfig",
        ("DELETE", ["config", ..]) => "DeleteConfig",
        ("GET", ["mode", ..]) => "GetMode",
        ("PUT", ["mode", ..]) => "PutMode",
        ("DELETE", ["mode", ..]) => "DeleteMode",
        ("GET", ["contexts"]) => "ListContexts",
        (_, []) => "Root",
        _ => "Other",
    };

    /// <summary>The subject that it is about, or empty.</summary>
    public static string Subject(string[] path) => path switch
    {
        ["subjects" or "config" or "mode", var subject, ..] => subject,
        ["compatibility", "subjects", var subject, ..] => subject,
        _ => string.Empty,
    };
}
