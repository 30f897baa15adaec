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

    /// <summary>Begins a list of named values, which JSON has no form for of its own: <c>json.nl</c> chooses one. Here a null name is a name.</summary>
    void BeginNamedList(string? name);

    void EndNamedList();

    /// <summary>Begins a list of documents.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="numFound">All hits.</param>
    /// <param name="start">How many were passed over.</param>
    /// <param name="maxScore">The greatest score, or null when scores are not returned.</param>
    void BeginResult(string name, long numFound, int start, float? maxScore);

    void EndResult();

    void BeginDocument(string? name);

    void EndDocument();

    void String(string? name, string value);

    void String(string? name, ReadOnlySpan<byte> utf8);

    void Int32(string? name, int value);

    void Int64(string? name, long value);

    void Float(string? name, float value);

    void Double(string? name, double value);

    void Boolean(string? name, bool value);

    void Date(string? name, long milliseconds);

    void Null(string? name);
}
