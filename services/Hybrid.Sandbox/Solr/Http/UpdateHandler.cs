using System.Runtime.InteropServices;
using Hybrid.Sandbox.Solr.Config;
using Hybrid.Sandbox.Solr.Index;
using Hybrid.Sandbox.Solr.Schema;
using Hybrid.Sandbox.Solr.Update;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary><c>/update</c>, <c>/update/json</c> and <c>/update/json/docs</c>.</summary>
internal sealed class UpdateHandler(int maxRequestBytes)
{
    private const string Json = "json";
    private const string Xml = "xml";

    private static readonly string[] WithoutBody = ["commit", "softCommit", "optimize", "rollback"];

    public async Task HandleAsync(HttpContext context, SolrCore core, string path)
    {
        var request = context.Request;
        var parameters = new SolrParameters(request, IsForm(request) ? await request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false) : null);
        var format = Json;
        try
        {
            SolrResponse.RequireKnownFormat(parameters);
            var chain = Chain(core, parameters);
            KnownParameters.Update.Require(parameters, except: chain.VersionConstraint?.DeleteVersionParameter);
            var maxErrors = MaxErrors(chain, parameters);
            format = BodyFormat(request, path, parameters);
            var outcome = format.Length == 0 || IsForm(request)
                ? new UpdateOutcome(null, [], [])
                : await ApplyAsync(context, core, path, parameters, format, chain, maxErrors).ConfigureAwait(false);
            var error = outcome.Error ?? await FinishAsync(core, parameters).ConfigureAwait(false);
            await SolrResponse.SendAsync(
                context,
                parameters,
                format.Length == 0 ? Json : format,
                error,
                writer => WriteHeader(writer, maxErrors, outcome),
                writer => WriteVersions(writer, parameters, outcome)).ConfigureAwait(false);
        }
        catch (SolrException exception)
        {
            await SolrResponse.SendAsync(context, parameters, format.Length == 0 ? Json : format, exception.Error, null, null).ConfigureAwait(false);
        }
    }

    private async Task<UpdateOutcome> ApplyAsync(
        HttpContext context,
        SolrCore core,
        string path,
        SolrParameters parameters,
        string format,
        UpdateChainConfig chain,
        int? maxErrors)
    {
        var common = new UpdateParameters(parameters.GetInt32("commitWithin", -1), parameters.GetInt64("_version_", 0));
        var wantVersions = parameters.GetBoolean("versions");
        using var body = await RequestBody.ReadAsync(context.Request, maxRequestBytes, context.RequestAborted).ConfigureAwait(false);
        var batch = core.RentBatch();
        try
        {
            Parse(core, path, parameters, format, body, batch, common);
            batch.DeleteVersion = chain.VersionConstraint?.DeleteVersionParameter is { } name ? parameters.Get(name) : null;
            if (HasCommit(batch) && await core.MeetCommitFaultsAsync().ConfigureAwait(false) is { } refused)
            {
                return new UpdateOutcome(refused, [], []);
            }

            var outcome = await core.Index.ApplyAsync(batch, chain, maxErrors, wantVersions, context.RequestAborted).ConfigureAwait(false);
            Announce(core, batch);
            return outcome;
        }
        finally
        {
            core.Return(batch);
        }
    }

    private static void Parse(
        SolrCore core,
        string path,
        SolrParameters parameters,
        string format,
        ByteBuffer body,
        UpdateBatch batch,
        UpdateParameters common)
    {
        var builder = new UpdateBatchBuilder(core.Schema, core.Values, batch, common.Version);
        if (format == Xml)
        {
            MemoryMarshal.TryGetArray(body.WrittenMemory, out var segment);
            using var stream = new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false);
            XmlUpdateReader.Read(stream, batch, builder, common);
        }
        else if (path == "/update/json/docs" || parameters.Get("json.command") == "false")
        {
            JsonUpdateReader.ReadDocuments(body.Written, batch, builder, common);
        }
        else
        {
            JsonUpdateReader.Read(body.Written, batch, builder, common);
        }
    }

    private static bool HasCommit(UpdateBatch batch)
    {
        foreach (ref readonly var operation in batch.Operations)
        {
            if (operation.Kind == UpdateKind.Commit)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells the core's clocks of the updates, and its counters of the commits.</summary>
    private static void Announce(SolrCore core, UpdateBatch batch)
    {
        var within = int.MaxValue;
        var isUpdate = false;
        foreach (ref readonly var operation in batch.Operations)
        {
            if (operation.Kind == UpdateKind.Commit)
            {
                core.CountCommit(operation.Commit);
            }

            isUpdate |= operation.Kind is not (UpdateKind.Commit or UpdateKind.Rollback);
            if (operation.CommitWithin >= 0)
            {
                within = Math.Min(within, operation.CommitWithin);
            }
        }

        if (isUpdate)
        {
            core.Updated(within == int.MaxValue ? -1 : within);
        }
    }

    /// <summary>Commits or rolls back as the request's own parameters ask.</summary>
    private static async Task<SolrError?> FinishAsync(SolrCore core, SolrParameters parameters)
    {
        var soft = parameters.GetBoolean("softCommit");
        if (soft || parameters.GetBoolean("commit") || parameters.GetBoolean("optimize"))
        {
            return await core.CommitAsync(new CommitOptions(soft, parameters.GetBoolean("openSearcher", true))).ConfigureAwait(false);
        }

        return parameters.GetBoolean("rollback") ? await core.Index.RollbackAsync().ConfigureAwait(false) : null;
    }

    private static UpdateChainConfig Chain(SolrCore core, SolrParameters parameters) => parameters.Get("update.chain") switch
    {
        null or "" => UpdateChainConfig.Default,
        var name when core.Config.Chains.TryGetValue(name, out var chain) => chain,
        var name => throw SolrException.BadRequest($"unknown UpdateRequestProcessorChain: {name}"),
    };

    private static int? MaxErrors(UpdateChainConfig chain, SolrParameters parameters)
    {
        if (chain.MaxErrors is not { } configured)
        {
            return null;
        }

        return parameters.GetInt32("maxErrors", configured) switch
        {
            -1 => int.MaxValue,
            < -1 and var bad => throw SolrException.BadRequest($"'maxErrors' must either be non-negative, or -1 to indicate 'unlimiited': {bad}"),
            var good => good,
        };
    }

    /// <summary>How the body is written; empty when there is none and none is needed.</summary>
    private static string BodyFormat(HttpRequest request, string path, SolrParameters parameters)
    {
        if (HttpMethods.IsGet(request.Method) || IsForm(request) || HasNoBody(request))
        {
            return Array.Exists(WithoutBody, name => parameters.GetBoolean(name))
                ? string.Empty
                : throw SolrException.BadRequest("missing content stream");
        }

        if (path != "/update")
        {
            return Json;
        }

        var type = request.ContentType?.Split(';')[0].Trim().ToLowerInvariant();
        return type switch
        {
            "application/json" or "text/json" => Json,
            "application/xml" or "text/xml" => Xml,
            null or "" => throw Unsupported("Missing ContentType"),
            _ => throw Unsupported(
                $"Unsupported ContentType: {request.ContentType}  Not in: [application/xml, application/json, text/json, text/xml]"),
        };
    }

    private static SolrException Unsupported(string message) => new(new SolrError(StatusCodes.Status415UnsupportedMediaType, message));

    private static bool IsForm(HttpRequest request) =>
        request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;

    private static bool HasNoBody(HttpRequest request) =>
        request.ContentType is null && (request.ContentLength ?? 0) == 0 && request.Headers.TransferEncoding.Count == 0;

    private static void WriteHeader(IResponseWriter writer, int? maxErrors, UpdateOutcome outcome)
    {
        if (maxErrors is not { } limit)
        {
            return;
        }

        writer.BeginArray("errors");
        foreach (var error in outcome.Tolerated)
        {
            writer.BeginObject(null);
            writer.String("type", error.Type);
            writer.String("id", error.Id);
            writer.String("message", error.Message);
            writer.EndObject();
        }

        writer.EndArray();
        writer.Int32("maxErrors", limit == int.MaxValue ? -1 : limit);
    }

    private static void WriteVersions(IResponseWriter writer, SolrParameters parameters, UpdateOutcome outcome)
    {
        if (!parameters.GetBoolean("versions"))
        {
            return;
        }

        WriteVersions(writer, "adds", outcome.Versions.Where(version => version.Version > 0));
        WriteVersions(writer, "deletes", outcome.Versions.Where(version => version.Version < 0));
    }

    private static void WriteVersions(IResponseWriter writer, string name, IEnumerable<AppliedVersion> versions)
    {
        var list = versions.ToList();
        if (list.Count == 0)
        {
            return;
        }

        if (writer is XmlResponseWriter)
        {
            writer.BeginObject(name);
            list.ForEach(version => writer.Int64(version.Id, version.Version));
            writer.EndObject();
            return;
        }

        writer.BeginArray(name);
        foreach (var version in list)
        {
            writer.String(null, version.Id);
            writer.Int64(null, version.Version);
        }

        writer.EndArray();
    }
}
