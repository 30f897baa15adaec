using Hybrid.Sandbox.Solr.Config;
using Hybrid.Sandbox.Solr.Index;
using Hybrid.Sandbox.Solr.Query;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary>A <c>solr.SearchHandler</c>, by GET or by a POSTed form.</summary>
internal static class SelectHandler
{
    private static readonly HashSet<string> Known =
    [
        "q", "fq", "fl", "sort", "rows", "start", "cursorMark", "df", "q.op", "defType",
    ];

    public static async Task HandleAsync(HttpContext context, SolrCore core, RequestHandlerConfig handler)
    {
        var parameters = await ReadAsync(context).ConfigureAwait(false);
        try
        {
            parameters.Configure(handler);
            SolrResponse.RequireKnownFormat(parameters);
            parameters.RequireKnown(handler.Path, Known);
            RequireNoOtherBody(context.Request, handler);
            var fields = new FieldList(parameters.GetAll("fl"), core.Schema);
            var search = Search(core, parameters);
            var result = SearchRunner.Run(core.Index, search);
            await SolrResponse.SendAsync(context, parameters, "json", null, null, writer =>
            {
                writer.BeginResult("response", result.NumFound, search.Start);
                foreach (var document in result.Documents)
                {
                    DocumentWriter.Write(writer, null, core.Schema, fields, document);
                }

                writer.EndResult();
                if (result.NextCursorMark is { } mark)
                {
                    writer.String("nextCursorMark", mark);
                }
            }).ConfigureAwait(false);
        }
        catch (SolrException exception)
        {
            await SolrResponse.SendAsync(context, parameters, "json", exception.Error, null, null).ConfigureAwait(false);
        }
    }

    /// <summary>The parameters of the address and of a form; any other body is left alone.</summary>
    public static async Task<SolrParameters> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        var form = HttpMethods.IsPost(request.Method) && request.HasFormContentType
            ? await request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false)
            : null;
        return new SolrParameters(request, form);
    }

    private static void RequireNoOtherBody(HttpRequest request, RequestHandlerConfig handler)
    {
        if (request.ContentLength is not (null or 0) && !request.HasFormContentType)
        {
            throw SolrException.Unsupported($"a body of type '{request.ContentType}' for {handler.Path}");
        }
    }

    private static Search Search(SolrCore core, SolrParameters parameters)
    {
        if (parameters.Get("defType") is { } parser and not "lucene")
        {
            throw SolrException.Unsupported($"defType={parser}");
        }

        var field = parameters.Get("df");
        var all = parameters.Get("q.op") is { } given && QueryParser.IsAnd(given);
        var query = parameters.Get("q");
        var main = query is null ? new MatchNone() : core.Queries.Parse(query, field, all);
        var filters = parameters.GetAll("fq").Select(filter => (Text: filter, Matcher: core.Queries.Parse(filter, field, all))).ToList();
        var matcher = filters.Count == 0 ? main : new BooleanMatcher(filters.Select(filter => filter.Matcher).Append(main), [], []);
        var cursorMark = parameters.Get("cursorMark");
        var start = NonNegative(parameters, "start", 0);
        if (cursorMark is not null && start != 0)
        {
            throw SolrException.BadRequest("Cursor functionality requires start=0");
        }

        return new Search(
            matcher,
            Key([.. filters.Select(filter => filter.Text), query, field, all ? "AND" : "OR"]),
            SortOrder.Parse(parameters.Get("sort"), core.Schema),
            start,
            NonNegative(parameters, "rows", 10),
            cursorMark);
    }

    private static string? Key(string?[] texts) =>
        Array.Exists(texts, text => text?.Contains("NOW", StringComparison.Ordinal) == true) ? null : string.Join('\u0001', texts);

    private static int NonNegative(SolrParameters parameters, string name, int otherwise)
    {
        var value = parameters.GetInt32(name, otherwise);
        return value >= 0 ? value : throw SolrException.BadRequest($"'{name}' parameter cannot be negative");
    }
}
