using System.Diagnostics;
using Hybrid.Sandbox.Solr.Schema;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary>Frames an answer: the header before what a handler writes, an error instead of it.</summary>
internal static class SolrResponse
{
    private const int InitialBytes = 4096;

    /// <summary>Sends an answer.</summary>
    /// <param name="context">The request.</param>
    /// <param name="parameters">Its parameters; they choose the format.</param>
    /// <param name="defaultFormat">The format when they do not: <c>json</c> or <c>xml</c>.</param>
    /// <param name="error">Why the request failed, or null.</param>
    /// <param name="header">Writes what belongs into the response header besides status and time, or null.</param>
    /// <param name="body">Writes the answer, or null when the header is all.</param>
    public static async Task SendAsync(
        HttpContext context,
        SolrParameters? parameters,
        string defaultFormat,
        SolrError? error,
        Action<IResponseWriter>? header,
        Action<IResponseWriter>? body)
    {
        using var buffer = new ByteBuffer(InitialBytes);
        context.Response.StatusCode = error?.Code ?? StatusCodes.Status200OK;
        context.Response.ContentType = Write(context, parameters, Format(parameters, defaultFormat), buffer, error, header, body);
        context.Response.ContentLength = buffer.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
        }
    }

    /// <exception cref="SolrException">400: the sandbox does not write that format.</exception>
    public static void RequireKnownFormat(SolrParameters parameters)
    {
        if (parameters.Get("wt") is { } format and not ("json" or "xml"))
        {
            throw SolrException.Unsupported($"wt={format}");
        }

        if (Style(parameters.Get("json.nl")) is null)
        {
            throw SolrException.Unsupported($"json.nl={parameters.Get("json.nl")}");
        }
    }

    private static string Format(SolrParameters? parameters, string otherwise) =>
        parameters?.Get("wt") is { } format && format is "json" or "xml" ? format : otherwise;

    private static string Write(
        HttpContext context,
        SolrParameters? parameters,
        string format,
        ByteBuffer buffer,
        SolrError? error,
        Action<IResponseWriter>? header,
        Action<IResponseWriter>? body)
    {
        var indent = parameters?.Get("indent") is not ("false" or "off");
        IResponseWriter writer = format == "json"
            ? new JsonResponseWriter(buffer, indent, Style(parameters?.Get("json.nl")) ?? NamedListStyle.Flat)
            : new XmlResponseWriter(buffer, indent);
        WriteTo(writer, context, parameters, error, header, body);
        return writer.ContentType;
    }

    private static NamedListStyle? Style(string? name) => name switch
    {
        null or "flat" => NamedListStyle.Flat,
        "map" => NamedListStyle.Map,
        "arrarr" => NamedListStyle.ArrayOfArrays,
        "arrmap" => NamedListStyle.ArrayOfMaps,
        _ => null,
    };

    private static void WriteTo(
        IResponseWriter writer,
        HttpContext context,
        SolrParameters? parameters,
        SolrError? error,
        Action<IResponseWriter>? header,
        Action<IResponseWriter>? body)
    {
        writer.BeginResponse();
        if (error is not null || parameters?.Get("omitHeader") is not ("true" or "on"))
        {
            writer.BeginObject("responseHeader");
            header?.Invoke(writer);
            writer.Int32("status", error?.Code ?? 0);
            writer.Int32("QTime", ElapsedMilliseconds(context));
            if (parameters?.Get("echoParams") is "all" or "explicit")
            {
                EchoParameters(writer, parameters.Get("echoParams") == "all" ? parameters.All : parameters.Given);
            }

            writer.EndObject();
        }

        if (error is null)
        {
            body?.Invoke(writer);
        }
        else
        {
            WriteError(writer, error);
        }

        writer.EndResponse();
    }

    private static void WriteError(IResponseWriter writer, SolrError error)
    {
        writer.BeginObject("error");
        writer.BeginNamedList("metadata");
        writer.String("error-class", JavaClasses.SolrException);
        writer.String("root-error-class", error.RootClass);
        writer.EndNamedList();
        writer.String("msg", error.Message);
        writer.Int32("code", error.Code);
        writer.EndObject();
    }

    private static void EchoParameters(IResponseWriter writer, IEnumerable<KeyValuePair<string, StringValues>> parameters)
    {
        writer.BeginObject("params");
        foreach (var (name, values) in parameters)
        {
            if (values.Count == 1)
            {
                writer.String(name, values[0]!);
                continue;
            }

            writer.BeginArray(name);
            foreach (var value in values)
            {
                writer.String(null, value!);
            }

            writer.EndArray();
        }

        writer.EndObject();
    }

    private static int ElapsedMilliseconds(HttpContext context) =>
        context.Items.TryGetValue(typeof(Stopwatch), out var started) ? (int)Stopwatch.GetElapsedTime((long)started!).TotalMilliseconds : 0;
}
