using Hybrid.Sandbox.Registry.Avro;

namespace Hybrid.Sandbox.Tests.Registry;

public sealed class AvroSchemaParserTests
{
    [Theory]
    [InlineData("string", "\"string\"")]
    [InlineData("""{"type":"string"}""", "\"string\"")]
    [InlineData("""{"type":{"type":"long","logicalType":"timestamp-millis"}}""", """{"type":"long","logicalType":"timestamp-millis"}""")]
    [InlineData(
        """{ "fields": [ { "type": "a.E", "name": "e", "order": "ascending" } ], "name": "b.R", "type": "record" }""",
        """{"type":"record","name":"R","namespace":"b","fields":[{"name":"e","type":{"type":"enum","name":"E","namespace":"a","symbols":["X"]}}]}""")]
    public void Canonical_IsOneTextForOneSchema(string written, string canonical)
    {
        written = written.Replace("\"a.E\"", """{"symbols":["X"],"name":"a.E","type":"enum"}""", StringComparison.Ordinal);

        var text = AvroCanonical.Write(AvroSchemaParser.Parse(written));

        Assert.Equal(canonical, text);
        Assert.Equal(text, AvroCanonical.Write(AvroSchemaParser.Parse(text)));
    }

    [Fact]
    public void NamedTypes_AreWrittenOnceAndReferredToAfterwards()
    {
        const string schema = """{"type":"record","name":"T","namespace":"n","fields":[{"name":"l","type":["null","T"]},{"name":"r","type":["null","n.T"]}]}""";

        Assert.Equal(schema.Replace("n.T", "T", StringComparison.Ordinal), AvroCanonical.Write(AvroSchemaParser.Parse(schema)));
    }

    [Theory]
    [InlineData("{}", "No type")]
    [InlineData("42", "No schema")]
    [InlineData("\"nope\"", "Undefined name")]
    [InlineData("""["int",["null"]]""", "union")]
    [InlineData("""["int","int"]""", "twice")]
    [InlineData("""{"type":"array"}""", "No items")]
    [InlineData("""{"type":"fixed","name":"F","size":-1}""", "size")]
    [InlineData("""{"type":"enum","name":"E","symbols":["A","A"]}""", "twice")]
    [InlineData("""{"type":"enum","name":"E","symbols":["a b"]}""", "symbol")]
    [InlineData("""{"type":"record","name":"1R","fields":[]}""", "not a name")]
    [InlineData("""{"type":"record","name":"R"}""", "No fields")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"a","type":"int"}]}""", "Duplicate field")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"a","type":"int","default":"x"}]}""", "Invalid default")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"record","name":"R","fields":[]}}]}""", "redefine")]
    [InlineData("""{"type":"record","type":"record","name":"R","fields":[]}""", "twice")]
    public void WhatIsNoSchema_IsRefusedWithItsReason(string text, string because)
    {
        var exception = Assert.Throws<AvroSchemaException>(() => AvroSchemaParser.Parse(text));

        Assert.Contains(because, exception.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void DeepNesting_IsRefused()
    {
        var text = string.Concat(Enumerable.Repeat("""{"type":"array","items":""", 5000)) + "\"int\"" + new string('}', 5000);

        Assert.Throws<AvroSchemaException>(() => AvroSchemaParser.Parse(text));
    }
}
