namespace Hybrid.Sandbox.Solr.Http;

/// <summary><c>json.nl</c>: what becomes of a list of named values in JSON.</summary>
internal enum NamedListStyle
{
    /// <summary><c>["a",1,"b",2]</c>, unless another is asked for.</summary>
    Flat,

    /// <summary><c>{"a":1,"b":2}</c>.</summary>
    Map,

    /// <summary><c>[["a",1],["b",2]]</c>.</summary>
    ArrayOfArrays,

    /// <summary><c>[{"a":1},{"b":2}]</c>.</summary>
    ArrayOfMaps,
}
