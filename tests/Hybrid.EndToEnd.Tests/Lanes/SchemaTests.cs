using System.Buffers.Binary;
using Hybrid.Contracts;
using Hybrid.Contracts.Lanes;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.EndToEnd.Tests.Lanes;

/// <summary>Writers whose schema is not ours, while lanes run and before.</summary>
public sealed class SchemaTests(LaneStack stack) : IClassFixture<LaneStack>
{
    private const string Incompatible =
        """{"type":"record","name":"CatalogDelta","namespace":"hybrid.contracts","fields":[{"name":"documentId","type":"long"}]}""";

    public static TheoryData<string> Lanes => [LaneNames.MicroBatch, LaneNames.Streaming];

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task AnIncompatibleVersion_StopsALane_BeforeItTouchesTheIndex(string name)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        await fixture.PublishAsync(LaneDeltas.Upsert("a", 1));
        await fixture.EvolveAsync(Incompatible);

        await using var lane = fixture.Start();
        var failure = await Assert.ThrowsAsync<HybridException>(() => lane.Completion.WaitAsync(LaneFixture.Patience));

        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
        Assert.StartsWith("version 2 of", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        Assert.False(await fixture.HasCollectionAsync());
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task AnIncompatibleWriter_StopsALaneInMidRun_WithWhatCameBeforeInTheIndex(string name)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        await using var lane = fixture.Start();
        await fixture.PublishAsync(LaneDeltas.Upsert("a", 1));
        await fixture.ConvergesAsync(lane, [LaneDeltas.Upsert("a", 1)]);
        await lane.UntilAsync(() => lane.HasCaughtUp, "no lag");

        await fixture.PublishValueAsync("a", Value(await fixture.EvolveAsync(Incompatible), 2));
        await fixture.PublishAsync(LaneDeltas.Upsert("a", 2));
        var failure = await Assert.ThrowsAsync<HybridException>(() => lane.Completion.WaitAsync(LaneFixture.Patience));

        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
        Assert.Contains("deploy a Hybrid that knows it", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await fixture.IndexAsync()).Single().AttributesVersion);
        Assert.Equal(2, fixture.Uncommitted());
        Assert.Empty(fixture.DeadLetters());
    }

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task WritersWithOneFieldMoreAndOneLess_AreReadWithinOneRun(string name)
    {
        await using var fixture = await LaneFixture.CreateAsync(stack, name);
        await using var lane = fixture.Start();
        var newer = await fixture.EvolveAsync(ContractResources.CatalogDeltaSchema.Replace(
            """{"name": "related",""", """{"name": "colour", "type": ["null", "string"], "default": null}, {"name": "related",""", StringComparison.Ordinal));
        var older = await fixture.EvolveAsync(ContractResources.CatalogDeltaSchema.Replace(
            """{"name": "campaign", "type": ["null", "string"], "default": null},""", "", StringComparison.Ordinal));

        await fixture.PublishValueAsync("n", Value(newer, 2, (byte)'n', 0, 2, 0, 2, (byte)'p', 0, 0, 0, 0, 0, 2, 6, (byte)'r', (byte)'e', (byte)'d', 0));
        await fixture.PublishValueAsync("o", Value(older, 2, (byte)'o', 0, 4, 0, 2, (byte)'p', 0, 0, 0, 0, 0));
        await fixture.PublishAsync(LaneDeltas.Upsert("u", 3));
        await lane.UntilAsync(async () => (await fixture.IndexAsync()).Count == 3, () => Task.FromResult("three documents"));
        await lane.StopAsync();

        Assert.Equal([1L, 2, 3], (await fixture.IndexAsync()).Select(document => document.AttributesVersion!.Value));
        Assert.Empty(fixture.DeadLetters());
    }

    private static byte[] Value(int schema, params byte[] body)
    {
        var header = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(1), schema);
        return [.. header, .. body];
    }
}
