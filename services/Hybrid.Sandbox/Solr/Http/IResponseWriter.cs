namespace Hybrid.Sandbox.Solr.Http;

/// <summary>Writes an answer in one of Solr's formats. A name is null within an array.</summary>
internal interface IResponseWriter
{
    string ContentType { get; }

    void BeginResponse();

    void EndResponse();

    void BeginObject(string? name);

    void EndObject();

    void BeginArray(string? name);

    void EndArray();

    /// <summary>Begins a list of documents.</summary>
    void BeginResult(string name, long numFound, int start);

    void EndResult();

    void BeginDocument(string? name);

    void EndDocument();

    void String(string? name, string value);

    void String(string? name, ReadOnlySpan<byte> utf8);

    void Int32(string? name, int value);

    void Int64(string? name, long value);

    void Double(string? name, double value);

    void Boolean(string? name, bool value);

    void Date(string? name, long milliseconds);

    void Null(string? name);
}
