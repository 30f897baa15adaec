namespace Hybrid.Sandbox.Tests.Conformance.S3;

/// <summary>Debian's boto3, every request signed.</summary>
[Trait("Peer", "debian")]
public sealed class Boto3Tests(Boto3Run run) : IClassFixture<Boto3Run>
{
    [Theory]
    [InlineData("multipart_upload_and_parallel_download")]
    [InlineData("multipart_copy")]
    [InlineData("list_and_abort_uploads")]
    [InlineData("ranges")]
    [InlineData("conditional_reads")]
    [InlineData("conditional_writes")]
    [InlineData("copies_and_metadata")]
    [InlineData("tagging")]
    [InlineData("listing_of_10_000_keys")]
    [InlineData("listing_of_odd_keys")]
    [InlineData("checksums")]
    [InlineData("presigned_urls")]
    [InlineData("signatures")]
    [InlineData("read_outs_of_a_bucket")]
    [InlineData("errors")]
    public void Boto3_Finds(string check) => Assert.True(run.Results[check] == "ok", run.Results[check]);
}
