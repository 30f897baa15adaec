namespace Hybrid.Pipeline.Solr.SolrNet;

/// <summary>Keeps the status of an answer that is an error, which SolrNet's own exception does not carry.</summary>
internal sealed class AnswerHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            throw new AnswerException(new SolrAnswer(response.StatusCode, body));
        }
    }
}

/// <summary>Carries an answer that is an error past SolrNet.</summary>
internal sealed class AnswerException(SolrAnswer answer) : Exception($"Solr answers {(int)answer.Status}")
{
    public SolrAnswer Answer => answer;
}
