namespace Hybrid.Sandbox.Solr;

/// <summary>The names by which Solr's answers call errors.</summary>
internal static class JavaClasses
{
    public const string SolrException = "org.apache.solr.common.SolrException";

    public const string NumberFormat = "java.lang.NumberFormatException";

    public const string DateFormat = "java.time.format.DateTimeParseException";

    public const string IllegalArgument = "java.lang.IllegalArgumentException";

    public const string QuerySyntax = "org.apache.solr.parser.ParseException";

    public const string JsonSyntax = "org.noggit.JSONParser$ParseException";
}
