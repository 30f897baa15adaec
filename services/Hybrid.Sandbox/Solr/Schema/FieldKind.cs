namespace Hybrid.Sandbox.Solr.Schema;

/// <summary>How a field's values are stored and compared; one for each field type class that the sandbox knows.</summary>
internal enum FieldKind : byte
{
    /// <summary><c>solr.StrField</c>: UTF-8, verbatim.</summary>
    String,

    /// <summary><c>solr.TextField</c>: UTF-8, matched by its tokens.</summary>
    Text,

    /// <summary><c>solr.LongPointField</c>.</summary>
    Long,

    /// <summary><c>solr.DoublePointField</c>.</summary>
    Double,

    /// <summary><c>solr.DatePointField</c>: milliseconds since the epoch.</summary>
    Date,

    /// <summary><c>solr.BoolField</c>.</summary>
    Boolean,
}
