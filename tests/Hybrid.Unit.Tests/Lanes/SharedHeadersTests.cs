using Confluent.Kafka;
using Hybrid.Lanes.Consuming;

namespace Hybrid.Unit.Tests.Lanes;

public sealed class SharedHeadersTests
{
    private readonly SharedHeaders _shared = new();

    [Fact]
    public void EqualHeaders_AreTheSameOnes()
    {
        var first = Make(("closed", [1, 2]), ("landed", null));
        Assert.Same(first, _shared.Share(first));
        Assert.Same(first, _shared.Share(Make(("closed", [1, 2]), ("landed", null))));
    }

    [Fact]
    public void OtherHeaders_StayWhatTheyAre()
    {
        _shared.Share(Make(("closed", [1, 2])));
        foreach (var other in (Headers[])[Make(("closed", [1, 3])), Make(("opened", [1, 3])), Make(("opened", null)), Make(), Make(("a", [1]), ("b", [2]))])
        {
            Assert.Same(other, _shared.Share(other));
        }
    }

    [Fact]
    public void NoHeaders_StayNone()
    {
        _shared.Share(Make(("closed", [1])));
        Assert.Null(_shared.Share(null));
    }

    private static Headers Make(params (string Name, byte[]? Value)[] headers)
    {
        var made = new Headers();
        foreach (var (name, value) in headers)
        {
            made.Add(name, value);
        }

        return made;
    }
}
