using Hybrid.Cli.CommandLine;
using Hybrid.Pipeline.Hosting;
using Hybrid.Unit.Tests.Repository;

namespace Hybrid.Unit.Tests.CommandLine;

public sealed class SettingPairsTests
{
    [Fact]
    public void AKeyOfEverySectionThatThereIs_IsTaken() =>
        Assert.All(OptionSections.All.Keys.Append("Logging"), section => Assert.Equal($"{section}:Key", Assert.Single(SettingPairs.Parse([$"{section}:Key=value"])).Key));

    [Theory]
    [InlineData("Publihser:Mode=marker", "Publihser")]
    [InlineData("Mode=marker", "Mode")]
    public void AKeyOfNoSection_IsRefused_SinceNobodyWouldReadIt(string setting, string named)
    {
        var refused = Assert.Throws<HybridException>(() => SettingPairs.Parse([setting]).ToList());

        Assert.StartsWith($"--set {setting}: there is no section '{named}': give a key of Avro, ", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.WrongCall, refused.ExitCode);
    }
}
