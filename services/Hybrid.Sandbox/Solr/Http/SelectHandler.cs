using System.Globalization;
using Hybrid.Sandbox.Solr.Config;
using Hybrid.Sandbox.Solr.Index;
using Hybrid.Sandbox.Solr.Query;
using Hybrid.Sandbox.Solr.Schema;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary>A <c>solr.SearchHandler</c>, by GET, by a POSTed form or by a POSTed JSON request.</summary>
internal sealed class SelectHandler(int maxRequestBytes)
{
    public async Task HandleAsync(HttpContext context, SolrCore core, RequestHandlerConfig handler)
    {
        var parameters = await ReadAsync(context).ConfigureAwait(false);
        try
        {
            var body = await ReadBodyAsync(context, parameters).ConfigureAwait(false);
            body?.AddParams(parameters);
            parameters.Configure(handler);
            body?.Convert(parameters);
            SolrResponse.RequireKnownFormat(parameters);
            KnownParameters.Select.Require(parameters, handler.Path);
            RequireNoMacros(parameters);
            await AnswerAsync(context, core, parameters).ConfigureAwait(false);
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

    private static Task AnswerAsync(HttpContext context, SolrCore core, SolrParameters parameters)
    {
        var queries = Queries(core, parameters);
        var fields = new FieldList(parameters.GetAll("fl"), core.Schema);
        var field = parameters.Get("df");
        var all = parameters.Get("q.op") is { } given && QueryParser.IsAnd(given);
        IMatcher Parse(string text) => queries.Parse(text, field, all);

        var facets = FacetSection.Of(parameters, core, Parse);
        var stats = StatsSection.Of(parameters, core);
        var search = Search(core, parameters, Parse, fields) with { Collectors = [.. facets?.Collectors ?? [], .. stats?.Collectors ?? []] };
        var result = SearchRunner.Run(core.Index, search);
        return SolrResponse.SendAsync(context, parameters, "json", null, writer => WriteWarnings(writer, facets), writer =>
        {
            writer.BeginResult("response", result.NumFound, search.Start, fields.ReturnsScore ? Math.Min(1, result.NumFound) : null);
            foreach (var document in result.Documents)
            {
                DocumentWriter.Write(writer, null, core.Schema, fields, document);
            }

            writer.EndResult();
            if (result.NextCursorMark is { } mark)
            {
                writer.String("nextCursorMark", mark);
            }

            facets?.Write(writer);
            stats?.Write(writer);
        });
    }

    private static void WriteWarnings(IResponseWriter writer, FacetSection? facets)
    {
        if (facets is not { Warnings: { Count: > 0 } warnings })
        {
            return;
        }

        writer.BeginArray("warnings");
        foreach (var warning in warnings)
        {
            writer.String(null, warning);
        }

        writer.EndArray();
    }

    /// <summary>The core's parser, or one whose <c>NOW</c> is the request's.</summary>
    private static QueryParser Queries(SolrCore core, SolrParameters parameters)
    {
        if (parameters.Get("NOW") is not { } text)
        {
            return core.Queries;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var now)
            && now > DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && now < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? new QueryParser(new FieldQueries(core.Schema, new ValueConverter(new FixedTime(now))))
            : throw SolrException.BadRequest($"For input string: \"{text}\"", JavaClasses.NumberFormat);
    }

    private async Task<JsonRequest?> ReadBodyAsync(HttpContext context, SolrParameters parameters)
    {
        var request = context.Request;
        var texts = parameters.GetAll("json");
        if (request.HasFormContentType || request.ContentLength is null or 0 && request.Headers.TransferEncoding.Count == 0)
        {
            return texts.Length == 0 ? null : JsonRequest.Parse(texts);
        }

        if (!HttpMethods.IsPost(request.Method) || request.ContentType?.Contains("/json", StringComparison.OrdinalIgnoreCase) != true)
        {
            throw SolrException.BadRequest($"Bad contentType for search handler :{request.ContentType} request={request.Method} {request.Path}");
        }

        using var body = await RequestBody.ReadAsync(request, maxRequestBytes, context.RequestAborted).ConfigureAwait(false);
        var text = System.Text.Encoding.UTF8.GetString(body.Written);
        parameters.AddBody("json", text);
        return JsonRequest.Parse([text, .. texts]);
    }

    private static void RequireNoMacros(SolrParameters parameters)
    {
        foreach (var (name, values) in parameters.All)
        {
            if (name != "json" && values.Any(value => value?.Contains("${", StringComparison.Ordinal) == true))
            {
                throw SolrException.Unsupported($"a macro (${{…}}) in the parameter '{name}'");
            }
        }
    }

    private static Search Search(SolrCore core, SolrParameters parameters, Func<string, IMatcher> parse, FieldList fields)
    {
        if (parameters.Get("defType") is { } parser and not "lucene")
        {
            throw SolrException.Unsupported($"defType={parser}");
        }

        var query = parameters.Get("q");
        var main = query is null ? new MatchNone() : parse(query);
        var filters = parameters.GetAll("fq").Select(filter => (Text: filter, Matcher: parse(filter))).ToList();
        var matcher = filters.Count == 0 ? main : new BooleanMatcher(filters.Select(filter => filter.Matcher).Append(main), [], []);
        var order = SortOrder.Parse(parameters.Get("sort"), core.Schema);
        if ((fields.ReturnsScore || order.AsksForScore) && !main.ScoresOne)
        {
            throw SolrException.Unsupported($"the score of '{query}' (only *:*, ranges, wildcards and field:* have one, which is 1)");
        }

        var cursorMark = parameters.Get("cursorMark");
        var start = NonNegative(parameters, "start", 0);
        if (cursorMark is not null && start != 0)
        {
            throw SolrException.BadRequest("Cursor functionality requires start=0");
        }

        return new Search(
            matcher,
            Key([.. filters.Select(filter => filter.Text), query, parameters.Get("df"), parameters.Get("q.op")]),
            order,
            start,
            NonNegative(parameters, "rows", 10),
            cursorMark,
            []);
    }

    /// <summary>What two searches that find the same have in common; null when what they find depends on the clock.</summary>
    private static string? Key(string?[] texts) =>
        Array.Exists(texts, text => text?.Contains("NOW", StringComparison.Ordinal) == true) ? null : string.Join('\u0001', texts);

    private static int NonNegative(SolrParameters parameters, string name, int otherwise)
    {
        var value = parameters.GetInt32(name, otherwise);
        return value >= 0 ? value : throw SolrException.BadRequest($"'{name}' parameter cannot be negative");
    }

    private sealed class FixedTime(long milliseconds) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }
}
