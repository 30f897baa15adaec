using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Http;
using Hybrid.Pipeline.Measurement;

namespace Hybrid.Pipeline.ObjectStore;

/// <summary>
/// The object store over the S3 API. Requests are tried again by the SDK (standard mode: backoff with jitter, also on 429, 503 SlowDown and
/// broken connections). Errors are <see cref="HybridException"/>: unreachable for what may pass, a wrong call for what will not.
/// </summary>
public sealed class S3ObjectStore : IObjectStore, IDisposable
{
    private readonly ObjectStoreOptions _options;
    private readonly HybridMetrics _metrics;
    private readonly S3HttpClients _http;
    private readonly AmazonS3Client _client;

    /// <summary>Makes the client; nothing is requested yet.</summary>
    /// <param name="options">Where the objects are.</param>
    /// <param name="metrics">Requests and bytes are counted here.</param>
    /// <param name="time">Hears what time the store says it is; null when nobody asks.</param>
    /// <exception cref="HybridException">The options contradict each other.</exception>
    public S3ObjectStore(ObjectStoreOptions options, HybridMetrics metrics, StoreTime? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(metrics);
        if (options.Prefix.Length > 0 && !options.Prefix.EndsWith('/'))
        {
            throw HybridException.WrongCall($"ObjectStore:Prefix is '{options.Prefix}': end it with a slash");
        }

        _options = options;
        _metrics = metrics;
        var credentials = Credentials(options);
        _http = new S3HttpClients(metrics, time ?? new StoreTime());
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.ForcePathStyle,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = options.MaxRetries,
            HttpClientFactory = _http,
        };
        if (options.ServiceUrl is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }
        else
        {
            config.ServiceURL = Address(options.ServiceUrl);
            config.AuthenticationRegion = options.Region;
        }

        _client = credentials is null ? new AmazonS3Client(config) : new AmazonS3Client(credentials, config);
    }

    private string Endpoint => _options.ServiceUrl ?? $"AWS {_options.Region}";

    /// <inheritdoc/>
    public async Task EnsureBucketAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _client.HeadBucketAsync(new HeadBucketRequest { BucketName = _options.Bucket }, cancellationToken).ConfigureAwait(false);
            return;
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
        }
        catch (Exception failure) when (IsStoreFailure(failure, cancellationToken))
        {
            throw Explain(failure);
        }

        try
        {
            await _client.PutBucketAsync(new PutBucketRequest { BucketName = _options.Bucket }, cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonS3Exception raced) when (raced.ErrorCode is "BucketAlreadyOwnedByYou" or "BucketAlreadyExists")
        {
        }
        catch (Exception failure) when (IsStoreFailure(failure, cancellationToken))
        {
            throw Explain(failure);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectEntry> ListAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request
        {
            BucketName = _options.Bucket,
            Prefix = _options.Prefix + prefix,
            StartAfter = startAfter is null ? null : _options.Prefix + startAfter,
        };
        do
        {
            ListObjectsV2Response page;
            try
            {
                page = await _client.ListObjectsV2Async(request, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (IsStoreFailure(failure, cancellationToken))
            {
                throw Explain(failure);
            }

            foreach (var listed in page.S3Objects ?? [])
            {
                yield return new ObjectEntry(
                    listed.Key[_options.Prefix.Length..], Bare(listed.ETag), listed.Size ?? 0, Utc(listed.LastModified));
            }

            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    /// <inheritdoc/>
    public async Task<ObjectContent?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var request = new GetObjectRequest { BucketName = _options.Bucket, Key = _options.Prefix + key };
            var response = await _client.GetObjectAsync(request, cancellationToken).ConfigureAwait(false);
            var entry = new ObjectEntry(key, Bare(response.ETag), response.ContentLength, Utc(response.LastModified));
            var rest = new ObjectRest((from, stopping) => OpenRestAsync(entry, from, stopping), _options.MaxRetries);
            return new ObjectContent(entry, new ObjectBody(new ObjectPart(response.ResponseStream, response), entry, rest, _metrics));
        }
        catch (AmazonS3Exception missing) when (missing.ErrorCode == "NoSuchKey")
        {
            return null;
        }
        catch (Exception failure) when (IsStoreFailure(failure, cancellationToken))
        {
            throw Explain(failure);
        }
    }

    /// <inheritdoc/>
    public async Task<string?> PutAsync(string key, Stream content, string? ifMatch, CancellationToken cancellationToken)
    {
        var request = new PutObjectRequest
        {
            BucketName = _options.Bucket,
            Key = _options.Prefix + key,
            InputStream = content,
            AutoCloseStream = false,
            IfNoneMatch = ifMatch == ObjectCondition.Absent ? "*" : null,
            IfMatch = ifMatch is null or ObjectCondition.Absent ? null : $"\"{ifMatch}\"",
        };
        try
        {
            var response = await _client.PutObjectAsync(request, cancellationToken).ConfigureAwait(false);
            return Bare(response.ETag);
        }
        catch (AmazonS3Exception refused) when (ifMatch is not null
            && (refused.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict || refused.ErrorCode == "NoSuchKey"))
        {
            return null;
        }
        catch (Exception failure) when (IsStoreFailure(failure, cancellationToken))
        {
            throw Explain(failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }

    /// <summary>Asks for an object from a byte on, provided that it is still the same (RFC 9110, sections 13.1.1 and 14.2).</summary>
    private async Task<ObjectPart> OpenRestAsync(ObjectEntry entry, long from, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest
        {
            BucketName = _options.Bucket,
            Key = _options.Prefix + entry.Key,
            EtagToMatch = $"\"{entry.ETag}\"",
            ByteRange = new ByteRange(from, entry.Size - 1),
        };
        try
        {
            var response = await _client.GetObjectAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.HttpStatusCode == HttpStatusCode.PartialContent
                && response.ContentRange?.StartsWith($"bytes {from}-", StringComparison.Ordinal) == true && Bare(response.ETag) == entry.ETag)
            {
                return new ObjectPart(response.ResponseStream, response);
            }

            response.Dispose();
            throw new ReplacedObjectException(entry.Key);
        }
        catch (AmazonS3Exception gone) when (gone.StatusCode == HttpStatusCode.PreconditionFailed || gone.ErrorCode == "NoSuchKey")
        {
            throw new ReplacedObjectException(entry.Key);
        }
        catch (Exception failure) when (IsStoreFailure(failure, cancellationToken))
        {
            throw Explain(failure);
        }
    }

    private HybridException Explain(Exception failure)
    {
        var bucket = $"bucket '{_options.Bucket}' at {Endpoint}";
        var cause = (failure is AmazonS3Exception { ErrorCode.Length: > 0 } ? failure : failure.GetBaseException()).Message.ReplaceLineEndings(" ").TrimEnd('.');
        return failure switch
        {
            AmazonS3Exception { ErrorCode: "NoSuchBucket" } =>
                HybridException.WrongCall($"the {bucket} does not exist: create it or correct ObjectStore:Bucket"),
            AmazonS3Exception { ErrorCode: "RequestTimeTooSkewed" } => HybridException.Unreachable(
                $"the object store at {Endpoint} refuses requests of another time ({cause}): correct this machine's clock", failure),
            AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } => HybridException.WrongCall(
                $"the {bucket} refuses access ({cause}): correct ObjectStore:AccessKey and ObjectStore:SecretKey"),
            AmazonS3Exception { ErrorCode: "RequestTimeout" or "OperationAborted" } passing => Busy(passing),
            AmazonS3Exception { StatusCode: >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout } busy => Busy(busy),
            AmazonS3Exception { StatusCode: >= HttpStatusCode.BadRequest } refused =>
                HybridException.WrongCall($"the {bucket} refuses the request ({refused.ErrorCode}: {cause})"),
            _ => HybridException.Unreachable(
                $"the object store at {Endpoint} does not answer ({cause}): start it or correct ObjectStore:ServiceUrl", failure),
        };

        HybridException Busy(AmazonS3Exception busy) => HybridException.Unreachable(
            $"the object store at {Endpoint} is not able to answer ({(int)busy.StatusCode} {busy.ErrorCode}: {cause}): see its log", failure);
    }

    private static bool IsStoreFailure(Exception failure, CancellationToken cancellationToken) => failure switch
    {
        HybridException or ReplacedObjectException => false,
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        _ => failure is AmazonClientException or AmazonServiceException || BrokenConnection.Is(failure),
    };

    private static BasicAWSCredentials? Credentials(ObjectStoreOptions options)
    {
        if (options.AccessKey is null != options.SecretKey is null)
        {
            throw HybridException.WrongCall("ObjectStore:AccessKey and ObjectStore:SecretKey belong together: give both or none");
        }

        return options.AccessKey is not null ? new BasicAWSCredentials(options.AccessKey, options.SecretKey)
            : options.ServiceUrl is not null ? new BasicAWSCredentials("anonymous", "anonymous")
            : null;
    }

    private static string Address(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? url
            : throw HybridException.WrongCall($"ObjectStore:ServiceUrl is '{url}': give an address such as http://127.0.0.1:9000");

    private static string Bare(string? etag) => etag?.Trim('"') ?? "";

    private static DateTimeOffset Utc(DateTime? time) => time switch
    {
        null => DateTimeOffset.UnixEpoch,
        { Kind: DateTimeKind.Local } local => new DateTimeOffset(local.ToUniversalTime()),
        { } value => new DateTimeOffset(DateTime.SpecifyKind(value, DateTimeKind.Utc)),
    };
}
