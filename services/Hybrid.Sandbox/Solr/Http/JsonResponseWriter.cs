using System.Buffers.Text;
using System.Text;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary>
/// <c>wt=json</c>, byte for byte as Solr 9 lays it out: when indented, a line for each member of an object, arrays in one line, and
/// a space within what is empty.
/// </summary>
internal sealed class JsonResponseWriter(ByteBuffer output, bool indent, NamedListStyle style) : IResponseWriter
{
    private readonly Stack<Scope> _scopes = new();
    private int _depth;

    private enum Shape
    {
        Object,
        Array,
        FlatList,
        ListOfArrays,
        ListOfMaps,
    }

    public string ContentType => "application/json;charset=utf-8";

    public void BeginResponse() => Open(Shape.Object);

    public void EndResponse() => Close();

    public void BeginObject(string? name)
    {
        Name(name);
        Open(Shape.Object);
    }

    public void EndObject() => Close();

    public void BeginArray(string? name)
    {
        Name(name);
        Open(Shape.Array);
    }

    public void EndArray() => Close();

    public void BeginNamedList(string? name)
    {
        Name(name);
        Open(style switch
        {
            NamedListStyle.Map => Shape.Object,
            NamedListStyle.ArrayOfArrays => Shape.ListOfArrays,
            NamedListStyle.ArrayOfMaps => Shape.ListOfMaps,
            _ => Shape.FlatList,
        });
    }

    public void EndNamedList() => Close();

    public void BeginResult(string name, long numFound, int start, float? maxScore)
    {
        BeginObject(name);
        Int64("numFound", numFound);
        Int32("start", start);
        if (maxScore is { } score)
        {
            Float("maxScore", score);
        }

        Boolean("numFoundExact", true);
        BeginArray("docs");
    }

    public void EndResult()
    {
        Close();
        Close();
    }

    public void BeginDocument(string? name) => BeginObject(name);

    public void EndDocument() => Close();

    public void String(string? name, string value)
    {
        Name(name);
        JsonText.Write(value, output);
        EndValue();
    }

    public void String(string? name, ReadOnlySpan<byte> utf8)
    {
        Name(name);
        JsonText.Write(utf8, output);
        EndValue();
    }

    public void Int32(string? name, int value) => Int64(name, value);

    public void Int64(string? name, long value)
    {
        Name(name);
        var span = output.GetSpan(20);
        Utf8Formatter.TryFormat(value, span, out var written);
        output.Advance(written);
        EndValue();
    }

    public void Float(string? name, float value) => Number(name, JavaNumbers.Format(value), float.IsFinite(value));

    public void Double(string? name, double value) => Number(name, JavaNumbers.Format(value), double.IsFinite(value));

    public void Boolean(string? name, bool value) => Raw(name, value ? "true" : "false");

    public void Date(string? name, long milliseconds) => String(name, SolrDates.Format(milliseconds));

    public void Null(string? name) => Raw(name, "null");

    private void Number(string? name, string text, bool isFinite) => Raw(name, isFinite ? text : $"\"{text}\"");

    private void Raw(string? name, string text)
    {
        Name(name);
        output.Write(Encoding.UTF8.GetBytes(text));
        EndValue();
    }

    /// <summary>Writes what comes before a value: the comma, and the name in the way of what surrounds it.</summary>
    private void Name(string? name)
    {
        var scope = _scopes.Peek();
        var isFirst = scope.Values++ == 0;
        if (!isFirst)
        {
            output.Write((byte)',');
        }

        switch (scope.Shape)
        {
            case Shape.Object:
                NewLine();
                JsonText.Write(name ?? string.Empty, output);
                output.Write((byte)':');
                break;
            case Shape.FlatList:
                WriteNameAsValue(name);
                output.Write((byte)',');
                break;
            case Shape.ListOfArrays:
                output.Write((byte)'[');
                WriteNameAsValue(name);
                output.Write((byte)',');
                scope.Pending = (byte)']';
                break;
            case Shape.ListOfMaps when name is not null:
                output.Write((byte)'{');
                _depth++;
                NewLine();
                JsonText.Write(name, output);
                output.Write((byte)':');
                scope.Pending = (byte)'}';
                break;
            default:
                break;
        }
    }

    private void WriteNameAsValue(string? name)
    {
        if (name is null)
        {
            output.Write("null"u8);
        }
        else
        {
            JsonText.Write(name, output);
        }
    }

    /// <summary>Closes what <see cref="Name"/> opened around one value.</summary>
    private void EndValue()
    {
        var scope = _scopes.Peek();
        if (scope.Pending == 0)
        {
            return;
        }

        if (scope.Pending == '}')
        {
            _depth--;
            NewLine();
        }

        output.Write(scope.Pending);
        scope.Pending = 0;
    }

    private void Open(Shape shape)
    {
        output.Write(shape == Shape.Object ? (byte)'{' : (byte)'[');
        _depth += shape == Shape.Object ? 1 : 0;
        _scopes.Push(new Scope(shape));
    }

    private void Close()
    {
        var scope = _scopes.Pop();
        var isObject = scope.Shape == Shape.Object;
        _depth -= isObject ? 1 : 0;
        if (scope.Values == 0 && indent)
        {
            output.Write((byte)' ');
        }
        else if (isObject)
        {
            NewLine();
        }

        output.Write(isObject ? (byte)'}' : (byte)']');
        if (_scopes.Count > 0)
        {
            EndValue();
        }
    }

    private void NewLine()
    {
        if (!indent)
        {
            return;
        }

        output.Write((byte)'\n');
        for (var level = 0; level < _depth; level++)
        {
            output.Write("  "u8);
        }
    }

    private sealed class Scope(Shape shape)
    {
        public Shape Shape { get; } = shape;

        public int Values { get; set; }

        /// <summary>What closes the value being written, or 0.</summary>
        public byte Pending { get; set; }
    }
}
