using System.Text.RegularExpressions;

namespace Hybrid.Sandbox.Solr.Update;

/// <summary>The regular expressions of <c>removeregex</c>. They match a value as a whole, in a time that is linear in its length.</summary>
internal static class ValuePattern
{
    /// <summary>Null when it cannot be read, or looks around or back, which takes more than linear time.</summary>
    public static Regex? TryParse(string pattern)
    {
        try
        {
            return new Regex($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
