using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Hybrid.Pipeline.Http;

namespace Hybrid.Comparison.Crashes.S3;

/// <summary>
/// Writers with keys of their own that put, replace, copy and delete objects, some in parts. An object is the old or the new one, whole;
/// and what a kill left half written does not stay on the disk.
/// </summary>
internal sealed class ObjectWorkload : ICrashWorkload
{
    private const string Bucket = "crash";
    private const int Writers = 3;
    private const int KeysOfEach = 50;
    private const int Readers = 6;
    private const int FirstWriter = 120;

    // What an object may take beside its bytes.
    private const long LargestDescription = 4096;

    /// <summary>The journal of keys, which grows with every change until it is written anew, long before this size with so few keys.</summary>
    private const string IndexDirectory = "index";
    private const long LargestIndex = 8 << 20;

    private readonly List<List<ObjectLedger>> _ledgers = [.. Enumerable.Range(0, Writers).Select(writer =>
        Enumerable.Range(0, KeysOfEach).Select(key => new ObjectLedger($"w{writer}/dt=2011-12-01/ö {key}.ndjson")).ToList())];

    private readonly AmazonS3Client _writing;
    private readonly AmazonS3Client _reading;
    private readonly string _directory;
    private long _numbers;
    private long _acknowledged;

    /// <param name="serviceUrl">The S3 endpoint.</param>
    /// <param name="directory">Where the sandbox keeps its objects, to see what they take.</param>
    public ObjectWorkload(string serviceUrl, string directory)
    {
        _directory = directory;
        _writing = Client(serviceUrl, retries: 0);
        _reading = Client(serviceUrl, retries: 3);
    }

    public string Name => "objects";

    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    public async Task PrepareAsync(CancellationToken cancellationToken) =>
        await _reading.PutBucketAsync(new PutBucketRequest { BucketName = Bucket }, cancellationToken).ConfigureAwait(false);

    public Task RunAsync(LoadRound round, Violations violations) =>
        Task.WhenAll(_ledgers.Select((keys, writer) => Task.Run(() => WriteAsync(keys, round.Choices(FirstWriter + writer), round, violations))));

    public async Task CheckAsync(Violations violations, CancellationToken cancellationToken)
    {
        var listed = await ListAsync(cancellationToken).ConfigureAwait(false);
        var expected = _ledgers.SelectMany(keys => keys).ToDictionary(ledger => ledger.Key, StringComparer.Ordinal);
        foreach (var (key, size) in listed)
        {
            if (!expected.TryGetValue(key, out var ledger) || !ledger.Allows(size))
            {
                violations.Add(Name, $"the listing shows '{key}' with {size} bytes, which was never put");
            }
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Readers, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(expected.Values, parallel, async (ledger, token) =>
        {
            var found = await ReadAsync(ledger.Key, token).ConfigureAwait(false);
            if ((ledger.Check(found) ?? (listed.ContainsKey(ledger.Key) == found is not null ? null : $"the listing and a read of '{ledger.Key}' do not agree")) is { } wrong)
            {
                violations.Add(Name, wrong);
            }
        }).ConfigureAwait(false);

        await AbortUploadsAsync(cancellationToken).ConfigureAwait(false);
        CheckDisk(violations, expected.Values.Sum(ledger => ledger.Settled is { } bytes ? bytes.Length + LargestDescription : 0));
    }

    public ValueTask DisposeAsync()
    {
        _writing.Dispose();
        _reading.Dispose();
        return ValueTask.CompletedTask;
    }

    private static AmazonS3Client Client(string serviceUrl, int retries) => new(
        new BasicAWSCredentials("crash", "crash"),
        new AmazonS3Config
        {
            ServiceURL = serviceUrl,
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            MaxErrorRetry = retries,
        });

    private async Task WriteAsync(List<ObjectLedger> keys, Random choices, LoadRound round, Violations violations)
    {
        while (!round.IsOver)
        {
            var ledger = keys[choices.Next(keys.Count)];
            try
            {
                await ChangeAsync(keys, ledger, choices).ConfigureAwait(false);
                ledger.Acknowledge();
                Interlocked.Increment(ref _acknowledged);
            }
            catch (Exception failure) when (round.IsOver && (failure is AmazonServiceException or AmazonClientException or OperationCanceledException || BrokenConnection.Is(failure)))
            {
                return;
            }
            catch (AmazonServiceException refused)
            {
                violations.Add(Name, $"a change of '{ledger.Key}' was refused: {refused.StatusCode} {refused.Message}");
                return;
            }

            await round.PauseAsync(choices.Next(3)).ConfigureAwait(false);
        }
    }

    private async Task ChangeAsync(List<ObjectLedger> keys, ObjectLedger ledger, Random choices)
    {
        var number = Interlocked.Increment(ref _numbers);
        switch (choices.Next(100))
        {
            case < 15:
                ledger.Begin(null);
                await _writing.DeleteObjectAsync(Bucket, ledger.Key).ConfigureAwait(false);
                break;
            case < 25 when keys[choices.Next(keys.Count)] is { Settled: { } source } from && from != ledger:
                ledger.Begin(source);
                await _writing.CopyObjectAsync(Bucket, from.Key, Bucket, ledger.Key).ConfigureAwait(false);
                break;
            case < 28:
                var large = new ObjectBytes(number, MultipartPut.SmallestPart + choices.Next(100_000));
                ledger.Begin(large);
                await MultipartPut.RunAsync(_writing, Bucket, ledger.Key, Payload.Of(number, large.Length)).ConfigureAwait(false);
                break;
            default:
                var bytes = new ObjectBytes(number, choices.Next(10) == 0 ? choices.Next(500_000) : choices.Next(9_000));
                ledger.Begin(bytes);
                await _writing.PutObjectAsync(new PutObjectRequest
                {
                    BucketName = Bucket,
                    Key = ledger.Key,
                    InputStream = new MemoryStream(Payload.Of(number, bytes.Length)),
                    IfNoneMatch = ledger.Settled is null && choices.Next(2) == 0 ? "*" : null,
                }).ConfigureAwait(false);
                break;
        }
    }

    private async Task<Dictionary<string, long>> ListAsync(CancellationToken cancellationToken)
    {
        var listed = new Dictionary<string, long>(StringComparer.Ordinal);
        var request = new ListObjectsV2Request { BucketName = Bucket, MaxKeys = 40 };
        do
        {
            var page = await _reading.ListObjectsV2Async(request, cancellationToken).ConfigureAwait(false);
            foreach (var entry in page.S3Objects ?? [])
            {
                listed[entry.Key] = entry.Size ?? -1;
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);
        return listed;
    }

    private async Task<byte[]?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _reading.GetObjectAsync(Bucket, key, cancellationToken).ConfigureAwait(false);
            using var body = new MemoryStream();
            await response.ResponseStream.CopyToAsync(body, cancellationToken).ConfigureAwait(false);
            return body.ToArray();
        }
        catch (AmazonS3Exception missing) when (missing.ErrorCode == "NoSuchKey")
        {
            return null;
        }
    }

    private async Task AbortUploadsAsync(CancellationToken cancellationToken)
    {
        var uploads = await _reading.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = Bucket }, cancellationToken).ConfigureAwait(false);
        foreach (var upload in uploads.MultipartUploads ?? [])
        {
            await _reading.AbortMultipartUploadAsync(Bucket, upload.Key, upload.UploadId, cancellationToken).ConfigureAwait(false);
        }
    }

    private void CheckDisk(Violations violations, long allowed)
    {
        var files = new DirectoryInfo(_directory).EnumerateFiles("*", SearchOption.AllDirectories).ToLookup(
            file => file.Directory!.Name == IndexDirectory, file => file.Length);
        if (files[true].Sum() > LargestIndex)
        {
            violations.Add(Name, $"{Path.Combine(_directory, IndexDirectory)} takes {files[true].Sum()} bytes, more than {LargestIndex}: it is not written anew");
        }

        var taken = files[false].Sum();
        if (taken > allowed + LargestDescription)
        {
            violations.Add(Name, $"{_directory} takes {taken} bytes, and the objects in it at most {allowed}: what was half written was not removed");
        }
    }
}
