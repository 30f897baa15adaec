using System.Text;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Publisher.Discovery.Notifications;

namespace Hybrid.Unit.Tests.Publisher;

public class S3EventReaderTests
{
    private readonly S3EventReader _reader = new("shop", "in/");
    private readonly List<Notification> _told = [];

    [Theory]
    [InlineData("ObjectCreated:Put")]
    [InlineData("ObjectCreated:CompleteMultipartUpload")]
    [InlineData("s3:ObjectCreated:Copy")]
    public void Creation_IsAnObject_WithItsKeyDecodedAndItsTagBare(string name)
    {
        Assert.Null(Read(Message(name, "shop", "in/dt%3D2011-12-01/a+b%2Bc.ndjson")));

        Assert.Equal(
            new Notification("dt=2011-12-01/a b+c.ndjson", new ObjectEntry(
                "dt=2011-12-01/a b+c.ndjson", "d41d8cd9", 1024, new DateTimeOffset(2011, 12, 1, 8, 5, 0, 123, TimeSpan.Zero))),
            Assert.Single(_told));
    }

    [Fact]
    public void Removal_IsToldWithoutAnObject()
    {
        Assert.Null(Read(Message("ObjectRemoved:Delete", "shop", "in/a")));
        Assert.Equal(new Notification("a", null), Assert.Single(_told));
    }

    [Theory]
    [InlineData("ObjectCreated:Put", "other", "in/a")]
    [InlineData("ObjectCreated:Put", "shop", "out/a")]
    [InlineData("ObjectRestore:Post", "shop", "in/a")]
    public void OtherBucketsPrefixesAndEvents_ArePassedOver(string name, string bucket, string key)
    {
        Assert.Null(Read(Message(name, bucket, key)));
        Assert.Empty(_told);
    }

    [Fact]
    public void TestEvent_TellsNothing() => Assert.Null(Read("""{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"shop"}"""));

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"Records":7}""")]
    [InlineData("""{"Records":[{"eventName":"ObjectCreated:Put"}]}""")]
    [InlineData("""{"Records":[{"eventName":"ObjectCreated:Put","eventTime":"yesterday","s3":{"bucket":{"name":"shop"},"object":{"key":"in/a","eTag":"t"}}}]}""")]
    [InlineData("""{"Records":[{"eventName":"ObjectCreated:Put","eventTime":"2011-12-01T08:00:00+25:00","s3":{"bucket":{"name":"shop"},"object":{"key":"in/a","eTag":"t"}}}]}""")]
    [InlineData("""{"Records":[{"eventName":"ObjectCreated:Put","eventTime":"0001-01-01T00:00:00+14:00","s3":{"bucket":{"name":"shop"},"object":{"key":"in/a","eTag":"t"}}}]}""")]
    public void AnythingElse_IsSaidToBeNone(string message) => Assert.NotNull(Read(message));

    private string? Read(string message) => _reader.Read(Encoding.UTF8.GetBytes(message), _told);

    private static string Message(string name, string bucket, string key) => $$$$"""
        {"EventName":"{{{{name}}}}","Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventTime":"2011-12-01T08:05:00.123Z","eventName":"{{{{name}}}}",
        "s3":{"bucket":{"name":"{{{{bucket}}}}"},"object":{"key":"{{{{key}}}}","size":1024,"eTag":"\"d41d8cd9\"","sequencer":"0A1B"}}}]}
        """;
}
