using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.S3.Protocol;

/// <summary>
/// Checks AWS Signature Version 4, in the Authorization header or in the query of a presigned URL.
/// </summary>
internal sealed class SignatureV4(string accessKey, string secretKey, TimeProvider time)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string UnsignedPayload = "UNSIGNED-PAYLOAD";
    private const string SignedChunks = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    private static readonly TimeSpan LargestSkew = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestExpiry = TimeSpan.FromDays(7);

    /// <returns>What the chunks of the body must be signed with, or null when they are not signed one by one.</returns>
    /// <exception cref="S3Exception">AccessDenied, InvalidAccessKeyId, RequestTimeTooSkewed or SignatureDoesNotMatch.</exception>
    public ChunkSignatures? Check(HttpRequest request, string rawTarget)
    {
        var claim = request.Query.ContainsKey("X-Amz-Signature") ? Presigned(request) : Header(request);
        var scope = claim.Credential.Split('/');
        if (scope.Length != 5 || scope[4] != "aws4_request")
        {
            throw S3Exception.AccessDenied("The credential is not key/date/region/service/aws4_request.");
        }

        if (scope[0] != accessKey)
        {
            throw S3Exception.InvalidAccessKeyId(scope[0]);
        }

        CheckTime(claim, scope[1]);
        var canonical = CanonicalRequest(request, rawTarget, claim);
        var scopeText = string.Join('/', scope[1..]);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
        var toSign = $"{Algorithm}\n{claim.Date}\n{scopeText}\n{hash}";
        var key = Encoding.UTF8.GetBytes("AWS4" + secretKey);
        foreach (var part in scope[1..])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(claim.Signature)))
        {
            throw S3Exception.SignatureDoesNotMatch();
        }

        return claim.PayloadHash.StartsWith(SignedChunks, StringComparison.Ordinal)
            ? new ChunkSignatures(key, claim.Date, scopeText, expected)
            : null;
    }

    private static Claim Header(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.Length == 0 && !request.Query.ContainsKey("AWSAccessKeyId"))
        {
            throw S3Exception.AccessDenied("The request is not signed.");
        }

        if (!header.StartsWith(Algorithm + " ", StringComparison.Ordinal))
        {
            throw S3Exception.InvalidRequest($"The request is not signed with {Algorithm}, the only signature accepted here.");
        }

        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in header[Algorithm.Length..].Split(',', StringSplitOptions.TrimEntries))
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                fields[field[..equals]] = field[(equals + 1)..];
            }
        }

        var payload = request.Headers["x-amz-content-sha256"].ToString();
        return new Claim(
            fields.GetValueOrDefault("Credential", string.Empty),
            request.Headers["x-amz-date"].ToString(),
            fields.GetValueOrDefault("SignedHeaders", string.Empty),
            fields.GetValueOrDefault("Signature", string.Empty),
            payload.Length > 0 ? payload : UnsignedPayload,
            ExpiresAfter: null);
    }

    private static Claim Presigned(HttpRequest request)
    {
        var query = request.Query;
        if (query["X-Amz-Algorithm"] != Algorithm
            || !int.TryParse(query["X-Amz-Expires"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > LongestExpiry.TotalSeconds)
        {
            throw S3Exception.AccessDenied("The presigned URL is not one of AWS Signature Version 4 that is valid for at most 7 days.");
        }

        return new Claim(
            query["X-Amz-Credential"].ToString(),
            query["X-Amz-Date"].ToString(),
            query["X-Amz-SignedHeaders"].ToString(),
            query["X-Amz-Signature"].ToString(),
            UnsignedPayload,
            TimeSpan.FromSeconds(seconds));
    }

    private void CheckTime(Claim claim, string scopeDate)
    {
        if (!DateTimeOffset.TryParseExact(
                claim.Date,
                "yyyyMMdd'T'HHmmss'Z'",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var date)
            || !claim.Date.StartsWith(scopeDate, StringComparison.Ordinal))
        {
            throw S3Exception.AccessDenied("The date of the signature is missing or malformed.");
        }

        var age = time.GetUtcNow() - date;
        if (age < -LargestSkew || (claim.ExpiresAfter is null && age > LargestSkew))
        {
            throw S3Exception.RequestTimeTooSkewed();
        }

        if (age > claim.ExpiresAfter)
        {
            throw S3Exception.AccessDenied("The presigned URL has expired.");
        }
    }

    private static string CanonicalRequest(HttpRequest request, string rawTarget, Claim claim)
    {
        var text = new StringBuilder()
            .Append(request.Method).Append('\n')
            .Append('/').Append(Encode(S3Target.Decode(S3Target.RawPath(rawTarget)), keepSlash: true)).Append('\n')
            .Append(CanonicalQuery(rawTarget)).Append('\n');
        foreach (var name in claim.SignedHeaders.Split(';'))
        {
            text.Append(name).Append(':').Append(Collapse(request.Headers[name].ToString())).Append('\n');
        }

        return text.Append('\n').Append(claim.SignedHeaders).Append('\n').Append(claim.PayloadHash).ToString();
    }

    private static string CanonicalQuery(string rawTarget)
    {
        var start = rawTarget.IndexOf('?', StringComparison.Ordinal);
        if (start < 0)
        {
            return string.Empty;
        }

        var parameters = rawTarget[(start + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(static parameter => parameter.Split('=', 2))
            .Select(static pair => (Name: Recode(pair[0]), Value: pair.Length > 1 ? Recode(pair[1]) : string.Empty))
            .Where(static pair => pair.Name != "X-Amz-Signature")
            .OrderBy(static pair => pair.Name, StringComparer.Ordinal)
            .ThenBy(static pair => pair.Value, StringComparer.Ordinal);
        return string.Join('&', parameters.Select(static pair => $"{pair.Name}={pair.Value}"));
    }

    private static string Recode(string encoded) =>
        Encode(S3Target.Decode(encoded.Replace("+", "%20", StringComparison.Ordinal)), keepSlash: false);

    private static string Encode(string text, bool keepSlash)
    {
        var encoded = Uri.EscapeDataString(text);
        return keepSlash ? encoded.Replace("%2F", "/", StringComparison.Ordinal) : encoded;
    }

    private static string Collapse(string value) =>
        string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private sealed record Claim(
        string Credential, string Date, string SignedHeaders, string Signature, string PayloadHash, TimeSpan? ExpiresAfter);
}
