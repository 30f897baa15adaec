using Hybrid.Sandbox.Registry.Avro;

namespace Hybrid.Sandbox.Tests.Registry;

/// <summary>"Schema Resolution" of the Avro 1.11 specification, rule by rule.</summary>
public sealed class AvroCompatibilityTests
{
    [Theory]
    [InlineData("\"int\"", "\"long\"")]
    [InlineData("\"int\"", "\"double\"")]
    [InlineData("\"long\"", "\"float\"")]
    [InlineData("\"float\"", "\"double\"")]
    [InlineData("\"string\"", "\"bytes\"")]
    [InlineData("\"bytes\"", "\"string\"")]
    public void Writer_Promotes_ToReader(string writer, string reader) => AssertReads(reader, writer);

    [Theory]
    [InlineData("\"long\"", "\"int\"")]
    [InlineData("\"double\"", "\"float\"")]
    [InlineData("\"float\"", "\"long\"")]
    [InlineData("\"null\"", "\"string\"")]
    [InlineData("\"boolean\"", "\"int\"")]
    [InlineData("""{"type":"array","items":"long"}""", """{"type":"array","items":"int"}""")]
    [InlineData("""{"type":"map","values":"long"}""", """{"type":"map","values":"int"}""")]
    [InlineData("""{"type":"array","items":"int"}""", """{"type":"map","values":"int"}""")]
    public void Writer_DoesNotPromote_ToReader(string writer, string reader) => AssertCannotRead(reader, writer, "TYPE_MISMATCH");

    [Fact]
    public void Unions_EveryWrittenBranchMustBeReadable()
    {
        AssertReads("""["null","string"]""", "\"string\"");
        AssertReads("""["null","double"]""", """["int","null"]""");
        AssertReads("\"double\"", """["int","float"]""");
        AssertCannotRead("""["null","string"]""", "\"int\"", "MISSING_UNION_BRANCH");
        AssertCannotRead("\"string\"", """["null","string"]""", "TYPE_MISMATCH");
    }

    [Fact]
    public void Records_ReadersNewFieldNeedsADefault()
    {
        const string one = """{"type":"record","name":"R","fields":[{"name":"a","type":"int"}]}""";
        AssertReads("""{"type":"record","name":"R","fields":[{"name":"a","type":"long"},{"name":"b","type":["null","int"],"default":null}]}""", one);
        AssertReads("""{"type":"record","name":"R","fields":[]}""", one);
        AssertCannotRead("""{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"b","type":"int"}]}""", one, "READER_FIELD_MISSING_DEFAULT_VALUE");
        AssertCannotRead("""{"type":"record","name":"R","fields":[{"name":"a","type":"string"}]}""", one, "(at /fields/a)");
    }

    [Fact]
    public void Records_MatchByUnqualifiedNameOrAlias()
    {
        const string writer = """{"type":"record","name":"Old","namespace":"x","fields":[{"name":"a","type":"int"}]}""";
        AssertReads("""{"type":"record","name":"Old","namespace":"y","fields":[{"name":"a","type":"int"}]}""", writer);
        AssertReads("""{"type":"record","name":"New","namespace":"x","aliases":["Old"],"fields":[{"name":"b","aliases":["a"],"type":"int"}]}""", writer);
        AssertCannotRead("""{"type":"record","name":"New","namespace":"x","fields":[{"name":"a","type":"int"}]}""", writer, "NAME_MISMATCH");
    }

    [Fact]
    public void Enums_ReaderNeedsEverySymbolOrADefault()
    {
        const string writer = """{"type":"enum","name":"E","symbols":["A","B","C"]}""";
        AssertReads("""{"type":"enum","name":"E","symbols":["C","B","A","D"]}""", writer);
        AssertReads("""{"type":"enum","name":"E","symbols":["A"],"default":"A"}""", writer);
        AssertCannotRead("""{"type":"enum","name":"E","symbols":["A","B"]}""", writer, "MISSING_ENUM_SYMBOLS");
    }

    [Fact]
    public void Fixed_MatchesByNameAndSize()
    {
        AssertReads("""{"type":"fixed","name":"F","size":16}""", """{"type":"fixed","name":"F","size":16}""");
        AssertCannotRead("""{"type":"fixed","name":"F","size":8}""", """{"type":"fixed","name":"F","size":16}""", "FIXED_SIZE_MISMATCH");
    }

    [Fact]
    public void RecursiveTypes_EndAndAreJudged()
    {
        const string list = """{"type":"record","name":"L","fields":[{"name":"v","type":"int"},{"name":"next","type":["null","L"]}]}""";
        AssertReads(list, list);
        AssertReads(list.Replace("int", "long", StringComparison.Ordinal), list);
        AssertCannotRead(list.Replace("int", "string", StringComparison.Ordinal), list, "(at /fields/v)");
    }

    private static void AssertReads(string reader, string writer) =>
        Assert.Empty(AvroCompatibility.Check(AvroSchemaParser.Parse(reader), AvroSchemaParser.Parse(writer)));

    private static void AssertCannotRead(string reader, string writer, string because) =>
        Assert.Contains(AvroCompatibility.Check(AvroSchemaParser.Parse(reader), AvroSchemaParser.Parse(writer)), problem => problem.Contains(because, StringComparison.Ordinal));
}
