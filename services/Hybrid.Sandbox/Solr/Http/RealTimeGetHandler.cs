using System.Text;
using Hybrid.Sandbox.Solr.Config;
using Hybrid.Sandbox.Solr.Index;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary><c>/get</c>: documents by id as of the last update, committed or not.</summary>
internal static class RealTimeGetHandler
{
    public static async Task HandleAsync(HttpContext context, SolrCore core, RequestHandlerConfig handler)
    {
        var parameters = await SelectHandler.ReadAsync(context).ConfigureAwait(false);
        try
        {
            parameters.Configure(handler);
            SolrResponse.RequireKnownFormat(parameters);
            KnownParameters.Get.Require(parameters, handler.Path);
            var fields = new FieldList(parameters.GetAll("fl"), core.Schema);
            if (fields.ReturnsScore)
            {
                throw SolrException.Unsupported("'score' in fl of a real-time get");
            }

            var single = parameters.GetAll("id");
            var ids = single.Concat(parameters.GetAll("ids").SelectMany(list => list.Split(',', StringSplitOptions.RemoveEmptyEntries))).ToList();
            var documents = ids
                .Select(id => core.Index.Current(Encoding.UTF8.GetBytes(id)))
                .Where(document => document is not null)
                .Select(document => document!.Value)
                .ToList();
            var isSingle = single.Length == 1 && parameters.Get("ids") is null;
            await SolrResponse.SendAsync(context, parameters, "json", null, null, writer =>
            {
                if (ids.Count == 0)
                {
                    return;
                }

                if (isSingle && documents.Count == 0)
                {
                    writer.Null("doc");
                }
                else if (isSingle)
                {
                    DocumentWriter.Write(writer, "doc", core.Schema, fields, documents[0]);
                }
                else
                {
                    writer.BeginResult("response", documents.Count, 0, null);
                    documents.ForEach(document => DocumentWriter.Write(writer, null, core.Schema, fields, document));
                    writer.EndResult();
                }
            }).ConfigureAwait(false);
        }
        catch (SolrException exception)
        {
            await SolrResponse.SendAsync(context, parameters, "json", exception.Error, null, null).ConfigureAwait(false);
        }
    }
}
