using System.Globalization;
using System.Xml.Linq;
using Hybrid.Sandbox.Solr.Config;
using Hybrid.Sandbox.Solr.Index;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary><c>/schema</c> and below: the schema as its file has it, read only.</summary>
internal static class SchemaHandler
{
    private static readonly HashSet<string> Flags =
    [
        "indexed", "stored", "docValues", "multiValued", "required", "sortMissingLast", "sortMissingFirst", "omitNorms", "omitPositions",
        "omitTermFreqAndPositions", "termVectors", "termPositions", "termOffsets", "termPayloads", "uninvertible", "useDocValuesAsStored", "large",
    ];

    /// <param name="context">The request.</param>
    /// <param name="core">The core.</param>
    /// <param name="path">What is below the core: <c>/schema/fields/id</c>.</param>
    public static async Task HandleAsync(HttpContext context, SolrCore core, string path)
    {
        var parameters = await SelectHandler.ReadAsync(context).ConfigureAwait(false);
        SolrError? error = null;
        Action<IResponseWriter>? body = null;
        try
        {
            SolrResponse.RequireKnownFormat(parameters);
            KnownParameters.Schema.Require(parameters);
            if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            {
                throw SolrException.BadRequest("schema is not editable");
            }

            body = Body(core.Config.SchemaFile, path, parameters.Get("fl")?.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries));
        }
        catch (SolrException exception)
        {
            error = exception.Error;
        }

        await SolrResponse.SendAsync(context, parameters, "json", error, null, body).ConfigureAwait(false);
    }

    private static Action<IResponseWriter> Body(XElement schema, string path, string[]? only) => path.Split('/')[2..] switch
    {
        [] => writer => WriteSchema(writer, schema),
        ["name"] => writer => writer.String("name", NameOf(schema)),
        ["version"] => writer => writer.Float("version", Version(schema)),
        ["uniquekey"] => writer => writer.String("uniqueKey", UniqueKey(schema)),
        ["similarity"] => WriteSimilarity,
        ["fields"] => writer => WriteAll(writer, "fields", Named(schema, "field").Where(field => only?.Contains(NameOf(field)) != false), WriteField),
        ["fields", var name] => One(schema, "field", name, "field", "No such field", WriteField),
        ["dynamicfields"] => writer => WriteAll(writer, "dynamicFields", [], WriteField),
        ["dynamicfields", var name] => One(schema, "dynamicField", name, "dynamicField", "No such dynamic field", WriteField),
        ["fieldtypes"] => writer => WriteAll(writer, "fieldTypes", Named(schema, "fieldType"), WriteType),
        ["fieldtypes", var name] => One(schema, "fieldType", name, "fieldType", "No such field type", WriteType),
        ["copyfields"] => writer => WriteAll(writer, "copyFields", [], WriteField),
        _ => throw new SolrException(new SolrError(StatusCodes.Status404NotFound, $"No such path {path}")),
    };

    private static Action<IResponseWriter> One(
        XElement schema, string element, string name, string member, string refusal, Action<IResponseWriter, string?, XElement> write)
    {
        var found = Named(schema, element).FirstOrDefault(candidate => NameOf(candidate) == name)
            ?? throw new SolrException(new SolrError(StatusCodes.Status404NotFound, $"{refusal} [{name}]"));
        return writer => write(writer, member, found);
    }

    private static void WriteSchema(IResponseWriter writer, XElement schema)
    {
        writer.BeginObject("schema");
        writer.String("name", NameOf(schema));
        writer.Float("version", Version(schema));
        writer.String("uniqueKey", UniqueKey(schema));
        WriteAll(writer, "fieldTypes", Named(schema, "fieldType"), WriteType);
        WriteAll(writer, "fields", Named(schema, "field"), WriteField);
        WriteAll(writer, "dynamicFields", [], WriteField);
        WriteAll(writer, "copyFields", [], WriteField);
        writer.EndObject();
    }

    private static void WriteSimilarity(IResponseWriter writer)
    {
        writer.BeginObject("similarity");
        writer.String("class", "org.apache.solr.search.similarities.SchemaSimilarityFactory");
        writer.EndObject();
    }

    private static void WriteAll(
        IResponseWriter writer, string name, IEnumerable<XElement> elements, Action<IResponseWriter, string?, XElement> write)
    {
        writer.BeginArray(name);
        foreach (var element in elements)
        {
            write(writer, null, element);
        }

        writer.EndArray();
    }

    private static void WriteField(IResponseWriter writer, string? member, XElement field)
    {
        writer.BeginObject(member);
        writer.String("name", NameOf(field));
        writer.String("type", (string)field.Attribute("type")!);
        var others = field.Attributes().Where(attribute => attribute.Name.LocalName is not ("name" or "type")).ToList();
        foreach (var attribute in JavaMapOrder.Sort(others, attribute => attribute.Name.LocalName))
        {
            writer.Boolean(attribute.Name.LocalName, (bool)attribute);
        }

        writer.EndObject();
    }

    private static void WriteType(IResponseWriter writer, string? member, XElement type)
    {
        writer.BeginObject(member);
        writer.String("name", NameOf(type));
        writer.String("class", (string)type.Attribute("class")!);
        foreach (var attribute in type.Attributes().Where(attribute => attribute.Name.LocalName is not ("name" or "class")))
        {
            if (Flags.Contains(attribute.Name.LocalName))
            {
                writer.Boolean(attribute.Name.LocalName, (bool)attribute);
            }
            else
            {
                writer.String(attribute.Name.LocalName, attribute.Value);
            }
        }

        foreach (var analyzer in type.Elements("analyzer"))
        {
            WriteAnalyzer(writer, analyzer);
        }

        writer.EndObject();
    }

    private static void WriteAnalyzer(IResponseWriter writer, XElement analyzer)
    {
        writer.BeginObject((string?)analyzer.Attribute("type") is { } use ? $"{use}Analyzer" : "analyzer");
        WriteFactory(writer, "tokenizer", analyzer.Element("tokenizer")!);
        if (analyzer.Element("filter") is not null)
        {
            writer.BeginArray("filters");
            foreach (var filter in analyzer.Elements("filter"))
            {
                WriteFactory(writer, null, filter);
            }

            writer.EndArray();
        }

        writer.EndObject();
    }

    private static void WriteFactory(IResponseWriter writer, string? member, XElement factory)
    {
        writer.BeginObject(member);
        foreach (var attribute in factory.Attributes())
        {
            writer.String(attribute.Name.LocalName, attribute.Value);
        }

        writer.EndObject();
    }

    private static IEnumerable<XElement> Named(XElement schema, string element) =>
        schema.Descendants(element).OrderBy(NameOf, StringComparer.Ordinal);

    private static string NameOf(XElement element) => (string?)element.Attribute("name") ?? string.Empty;

    private static string UniqueKey(XElement schema) => schema.Element("uniqueKey")!.Value.Trim();

    private static float Version(XElement schema) =>
        float.Parse((string?)schema.Attribute("version") ?? "1.0", CultureInfo.InvariantCulture);
}
