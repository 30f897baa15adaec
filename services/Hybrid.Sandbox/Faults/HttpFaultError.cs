using System.Globalization;

namespace Hybrid.Sandbox.Faults;

/// <summary>An error answer of one of the HTTP services.</summary>
/// <param name="Status">The HTTP status, 400 to 599.</param>
/// <param name="Code">The error's code in the body: a name for S3, the number of digits the registry has, the status for Solr.</param>
/// <param name="RetryAfter">The header's value in seconds, or null for none.</param>
internal sealed record HttpFaultError(int Status, string Code, int? RetryAfter)
{
    public const string Message = "Injected by the sandbox: a fault is in force.";

    /// <summary>The codes of the Amazon S3 API reference that a busy or a failing service answers with. A status alone takes its first.</summary>
    private static readonly (string Code, int Status)[] OfS3 =
    [
        ("ServiceUnavailable", 503), ("SlowDown", 503), ("SlowDown", 429), ("InternalError", 500), ("RequestTimeout", 400),
        ("BadRequest", 400), ("AccessDenied", 403), ("RequestTimeTooSkewed", 403), ("NoSuchKey", 404), ("NoSuchBucket", 404),
        ("OperationAborted", 409), ("PreconditionFailed", 412), ("InsufficientStorage", 507), ("GatewayTimeout", 504), ("BadGateway", 502),
    ];

    /// <exception cref="SandboxException">The text is no error of the service.</exception>
    public static HttpFaultError Parse(FaultService service, string text, string? retryAfter)
    {
        var (status, code) = StatusAndCode(service, text);
        var wait = retryAfter is not null
            ? (int)Math.Ceiling(DelayDistribution.Duration(retryAfter, "retry-after").TotalSeconds)
            : status is 429 or 503 ? 1 : (int?)null;
        return new HttpFaultError(status, code, wait);
    }

    private static (int Status, string Code) StatusAndCode(FaultService service, string text)
    {
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        if (isNumber && number is >= 400 and <= 599)
        {
            return (number, service switch
            {
                FaultService.S3 => OfS3.FirstOrDefault(known => known.Status == number) is { Code: { } code } ? code : "InternalError",
                FaultService.Registry when number == 500 => "50001",
                _ => text,
            });
        }

        if (service == FaultService.Registry && isNumber && number is >= 40000 and <= 59999)
        {
            return (number / 100, text);
        }

        if (service == FaultService.S3 && OfS3.FirstOrDefault(known => string.Equals(known.Code, text, StringComparison.OrdinalIgnoreCase)) is { Code: { } named, Status: var its })
        {
            return (its, named);
        }

        throw new SandboxException(service switch
        {
            FaultService.S3 => $"error {text}: give an HTTP status from 400 to 599 or one of {string.Join(", ", OfS3.Select(static known => known.Code).Distinct())}",
            FaultService.Registry => $"error {text}: give an HTTP status from 400 to 599 or an error code such as 50001",
            _ => $"error {text}: give an HTTP status from 400 to 599",
        });
    }
}
