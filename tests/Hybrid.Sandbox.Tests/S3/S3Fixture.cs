using Amazon.Runtime;
using Amazon.S3;
using Hybrid.Sandbox.S3;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Sandbox.Tests.S3;

/// <summary>A running S3 server on its own directory, with clients of the AWS SDK.</summary>
public sealed class S3Fixture : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    public string DataDirectory => _directory.Path;

    public S3Server Server { get; private set; } = null!;

    /// <summary>As the pipeline sets it: checksums when required.</summary>
    public AmazonS3Client Client { get; private set; } = null!;

    /// <summary>As the SDK sets it by itself: checksums in trailers, responses validated.</summary>
    public AmazonS3Client DefaultClient { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await StartAsync();
        await Client.PutBucketAsync("test");
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        _directory.Dispose();
    }

    public static AmazonS3Client ClientOf(Uri address, bool whenRequired, BasicAWSCredentials? credentials = null)
    {
        var config = new AmazonS3Config
        {
            ServiceURL = address.ToString(),
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
            MaxErrorRetry = 0,
        };
        if (whenRequired)
        {
            config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
            config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        }

        return new AmazonS3Client(credentials ?? new BasicAWSCredentials("sandbox", "sandbox-secret"), config);
    }

    private async Task StartAsync()
    {
        Server = new S3Server(new S3ServerOptions { DataDirectory = DataDirectory }, NullLoggerFactory.Instance);
        await Server.StartAsync();
        Client = ClientOf(Server.BaseAddress, whenRequired: true);
        DefaultClient = ClientOf(Server.BaseAddress, whenRequired: false);
    }

    private async Task StopAsync()
    {
        Client.Dispose();
        DefaultClient.Dispose();
        await Server.DisposeAsync();
    }
}
