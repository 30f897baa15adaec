using System.Buffers.Binary;
using Confluent.Kafka;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Lanes;
using Hybrid.Unit.Tests.Solr;

namespace Hybrid.Unit.Tests.Lanes;

public sealed class LaneRecordReaderTests
{
    private readonly LaneRecordReader _reader = new(new ScriptedDecoder());

    [Fact]
    public async Task Upsert_CarriesWhenItsPartitionWasDue()
    {
        var step = await _reader.ReadAsync("upsert"u8.ToArray(), Time(RecordHeaders.Closed, 1234567890123), CancellationToken.None);

        Assert.Equal(LaneStepKind.Attributes, step.Kind);
        Assert.Equal(1234567890123, step.ClosedMilliseconds);
        Assert.Equal("upsert", step.Delta!.DocumentId);
    }

    [Theory]
    [InlineData("delete", LaneStepKind.Attributes)]
    [InlineData("signal", LaneStepKind.Signal)]
    [InlineData("later", LaneStepKind.Attributes)]
    [InlineData("poison", LaneStepKind.Poison)]
    [InlineData("poison later", LaneStepKind.Poison)]
    [InlineData("no id", LaneStepKind.Poison)]
    [InlineData("no partition", LaneStepKind.Poison)]
    public async Task Value_IsToldApart(string value, LaneStepKind kind)
    {
        var step = await _reader.ReadAsync(System.Text.Encoding.UTF8.GetBytes(value), null, CancellationToken.None);

        Assert.Equal(kind, step.Kind);
        Assert.Equal(kind == LaneStepKind.Poison, step.Error is not null);
        Assert.Null(step.ClosedMilliseconds);
    }

    [Fact]
    public void UpdateInItsValue_CarriesWhenItsPartitionWasDue_ByItsOwnHeaders()
    {
        var value = "update"u8.ToArray();
        var headers = Time(RecordHeaders.Closed, 1);

        Assert.All(
            new (Headers? Headers, long? Closed)[] { (headers, 1), (headers, 1), (Time(RecordHeaders.Closed, 2), 2), (null, null), (headers, 1) },
            record =>
            {
                Assert.True(_reader.TryFindUpdate(value, record.Headers, out var update, out var closed));
                Assert.Equal(record.Closed, closed);
                Assert.Equal("found", update.ToDelta().DocumentId);
            });
        Assert.False(_reader.TryFindUpdate("signal"u8.ToArray(), headers, out _, out _));
    }

    [Fact]
    public async Task NoValueWithAWatermark_IsAControlRecord()
    {
        var step = await _reader.ReadAsync(null, Time(RecordHeaders.Watermark, 42), CancellationToken.None);

        Assert.Equal((LaneStepKind.Watermark, 42), (step.Kind, (int)step.WatermarkMilliseconds));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public async Task WatermarkOutsideOfTime_IsPoison(long watermark) =>
        Assert.Equal(LaneStepKind.Poison, (await _reader.ReadAsync(null, Time(RecordHeaders.Watermark, watermark), CancellationToken.None)).Kind);

    [Fact]
    public async Task NoValueAndNoWatermark_IsPoison() =>
        Assert.Equal(LaneStepKind.Poison, (await _reader.ReadAsync(null, [], CancellationToken.None)).Kind);

    [Fact]
    public void TimeOfTheWrongLength_IsNoTime() =>
        Assert.Null(RecordTimes.Read(new Headers { { RecordHeaders.Closed, [1, 2, 3] } }, RecordHeaders.Closed));

    private static Headers Time(string name, long milliseconds)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, milliseconds);
        return new Headers { { name, bytes } };
    }

    private sealed class ScriptedDecoder : IDeltaDecoder
    {
        public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask<CatalogDelta> DecodeAsync(ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
            System.Text.Encoding.UTF8.GetString(value.Span) switch
            {
                "upsert" => new(Deltas.Upsert("upsert")),
                "delete" => new(Deltas.Delete("delete")),
                "signal" => new(Deltas.Upsert("signal") with { Kind = DeltaKind.Signal }),
                "no partition" => new(Deltas.Upsert("signal") with { Kind = DeltaKind.Signal, Partition = "yesterday" }),
                "no id" => new(Deltas.Upsert("")),
                "later" => Later(null),
                "poison later" => Later(new DeltaFormatException("bad")),
                _ => throw new DeltaFormatException("bad"),
            };

        public bool TryFindUpdate(ReadOnlyMemory<byte> value, out EncodedDelta update)
        {
            update = EncodedDelta.Of(Deltas.Upsert("found"));
            return value.Span.SequenceEqual("update"u8);
        }

        private static async ValueTask<CatalogDelta> Later(Exception? failure)
        {
            await Task.Yield();
            return failure is null ? Deltas.Upsert("later") : throw failure;
        }
    }
}
