using System.Text;
using Hybrid.Sandbox.S3.Payload;

namespace Hybrid.Sandbox.Tests.S3;

/// <summary>The check values that the catalogue of parametrised CRC algorithms lists for "123456789".</summary>
public sealed class CrcTests
{
    private static readonly byte[] Check = Encoding.ASCII.GetBytes("123456789");

    [Fact]
    public void Crc32_HasItsCheckValue() => Assert.Equal("CBF43926", Of(Crc.Crc32));

    [Fact]
    public void Crc32C_HasItsCheckValue() => Assert.Equal("E3069283", Of(Crc.Crc32C));

    [Fact]
    public void Crc64Nvme_HasItsCheckValue() => Assert.Equal("AE8B14860A799888", Of(Crc.Crc64Nvme));

    [Fact]
    public void Append_InPieces_IsTheSameAsAtOnce()
    {
        var crc = Crc.Crc64Nvme;
        var running = crc.Append(crc.Append(crc.Initial, Check.AsSpan(0, 4)), Check.AsSpan(4));

        Assert.Equal("AE8B14860A799888", Convert.ToHexString(crc.Finish(running)));
    }

    private static string Of(Crc crc) => Convert.ToHexString(crc.Finish(crc.Append(crc.Initial, Check)));
}
