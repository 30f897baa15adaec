using Hybrid.Sandbox.Faults;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.Registry;

/// <summary>An error of the Schema Registry REST API: an HTTP status and the more precise error code.</summary>
internal sealed class RegistryException : Exception
{
    private RegistryException(int status, int code, string message)
        : base(message)
    {
        Status = status;
        Code = code;
    }

    public int Status { get; }

    public int Code { get; }

    public static RegistryException UnknownPath() => new(StatusCodes.Status404NotFound, 404, "HTTP 404 Not Found");

    public static RegistryException MethodNotAllowed() => new(StatusCodes.Status405MethodNotAllowed, 405, "HTTP 405 Method Not Allowed");

    public static RegistryException BadRequest(string detail) => new(StatusCodes.Status400BadRequest, 400, detail);

    public static RegistryException BodyTooLarge(int limit) =>
        new(StatusCodes.Status413PayloadTooLarge, 413, $"The body is longer than {limit} bytes.");

    public static RegistryException SubjectNotFound(string subject) =>
        new(StatusCodes.Status404NotFound, 40401, $"Subject '{subject}' not found.");

    public static RegistryException VersionNotFound(string version) =>
        new(StatusCodes.Status404NotFound, 40402, $"Version {version} not found.");

    public static RegistryException SchemaNotFound() => new(StatusCodes.Status404NotFound, 40403, "Schema not found");

    public static RegistryException SubjectSoftDeleted(string subject) =>
        new(StatusCodes.Status404NotFound, 40404, $"Subject '{subject}' was soft deleted. Set permanent=true to delete permanently");

    public static RegistryException SubjectNotSoftDeleted(string subject) =>
        new(StatusCodes.Status404NotFound, 40405, $"Subject '{subject}' was not deleted first before being permanently deleted");

    public static RegistryException VersionSoftDeleted(string subject, int version) =>
        new(StatusCodes.Status404NotFound, 40406, $"Subject '{subject}' Version {version} was soft deleted. Set permanent=true to delete permanently");

    public static RegistryException VersionNotSoftDeleted(string subject, int version) =>
        new(StatusCodes.Status404NotFound, 40407, $"Subject '{subject}' Version {version} was not deleted first before being permanently deleted");

    public static RegistryException NoSubjectCompatibility(string subject) =>
        new(StatusCodes.Status404NotFound, 40408, $"Subject '{subject}' does not have subject-level compatibility configured");

    public static RegistryException NoSubjectMode(string subject) =>
        new(StatusCodes.Status404NotFound, 40409, $"Subject '{subject}' does not have subject-level mode configured");

    public static RegistryException Incompatible(string subject, IReadOnlyList<string> problems) =>
        new(StatusCodes.Status409Conflict, 409, $"Schema being registered is incompatible with an earlier schema for subject \"{subject}\", details: [{string.Join(", ", problems)}]");

    public static RegistryException InvalidSchema(string detail) =>
        new(StatusCodes.Status422UnprocessableEntity, 42201, $"Invalid schema: {detail}");

    public static RegistryException EmptySchema() =>
        new(StatusCodes.Status422UnprocessableEntity, 42201, "Empty schema");

    public static RegistryException InvalidMode(string? mode) =>
        new(StatusCodes.Status422UnprocessableEntity, 42204, $"Invalid mode '{mode}'. Valid values are READWRITE, READONLY, READONLY_OVERRIDE and IMPORT");

    public static RegistryException OperationNotPermitted(string detail) =>
        new(StatusCodes.Status422UnprocessableEntity, 42205, detail);

    public static RegistryException InvalidVersion(string version) =>
        new(StatusCodes.Status422UnprocessableEntity, 42202, $"The specified version '{version}' is not a valid version id. Allowed values are between [1, 2^31-1] and the string \"latest\"");

    public static RegistryException InvalidCompatibility(string? level) =>
        new(StatusCodes.Status422UnprocessableEntity, 42203, $"Invalid compatibility level '{level}'. Valid values are none, backward, forward, full, backward_transitive, forward_transitive, and full_transitive");

    public static RegistryException ReferenceExists(string subject, int version) =>
        new(StatusCodes.Status422UnprocessableEntity, 42206, $"One or more references exist to the schema '{subject}' version {version}.");

    public static RegistryException Injected(HttpFaultError error) =>
        new(error.Status, int.Parse(error.Code, System.Globalization.CultureInfo.InvariantCulture), HttpFaultError.Message);

    public static RegistryException StoreFailed(string detail) => new(StatusCodes.Status500InternalServerError, 50001, detail);
}
