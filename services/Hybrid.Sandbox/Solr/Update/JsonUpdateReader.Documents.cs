using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Update;

/// <content>Documents, their fields and values.</content>
internal ref partial struct JsonUpdateReader
{
    private const string NoChildren = "Unable to index docs with children: the schema must include definitions for both a uniqueKey field "
        + "and the '_root_' field, using the exact same fieldType";

    private void ReadDocument()
    {
        _builder.BeginDocument();
        for (Next(); _reader.TokenType != JsonTokenType.EndObject; Next())
        {
            byte[]? rented = null;
            var name = Text(ref rented);
            Next();
            ReadField(name);
            Return(rented);
        }
    }

    private void ReadField(scoped ReadOnlySpan<byte> name)
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            ReadValues(name, EditKind.Value);
            return;
        }

        Next();
        if (_reader.TokenType == JsonTokenType.EndObject)
        {
            _builder.Fail(NoChildren, Blame.Nobody);
        }

        for (; _reader.TokenType != JsonTokenType.EndObject; Next())
        {
            EditKind? kind = null;
            if (_reader.ValueTextEquals("set"u8))
            {
                kind = EditKind.Set;
            }
            else if (_reader.ValueTextEquals("add"u8))
            {
                kind = EditKind.Add;
            }
            else if (_reader.ValueTextEquals("inc"u8))
            {
                kind = EditKind.Increment;
            }
            else if (_reader.ValueTextEquals("remove"u8))
            {
                kind = EditKind.Remove;
            }
            else if (_reader.ValueTextEquals("removeregex"u8))
            {
                kind = EditKind.RemoveMatching;
            }
            else if (_reader.ValueTextEquals("add-distinct"u8))
            {
                kind = EditKind.AddDistinct;
            }
            else
            {
                _builder.FailUnknownOperation(_reader.GetString()!);
            }

            Next();
            if (kind is { } known)
            {
                ReadValues(name, known);
            }
            else
            {
                _reader.Skip();
            }
        }
    }

    private void ReadValues(scoped ReadOnlySpan<byte> name, EditKind kind)
    {
        _builder.BeginField(name, kind);
        if (_reader.TokenType == JsonTokenType.StartArray)
        {
            for (Next(); _reader.TokenType != JsonTokenType.EndArray; Next())
            {
                ReadValue();
            }
        }
        else
        {
            ReadValue();
        }

        _builder.EndField();
    }

    private void ReadValue()
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.String:
                byte[]? rented = null;
                _builder.AddValue(RawValue.Of(Text(ref rented)));
                Return(rented);
                break;
            case JsonTokenType.Number when _reader.TryGetInt64(out var integer):
                _builder.AddValue(RawValue.Of(integer));
                break;
            case JsonTokenType.Number when _reader.ValueSpan.ContainsAny((byte)'.', (byte)'e', (byte)'E'):
                _builder.AddValue(RawValue.Of(_reader.GetDouble()));
                break;
            case JsonTokenType.Number:
                _builder.AddValue(RawValue.Of(_reader.ValueSpan));
                break;
            case JsonTokenType.True or JsonTokenType.False:
                _builder.AddValue(RawValue.Of(_reader.GetBoolean()));
                break;
            case JsonTokenType.Null:
                break;
            case JsonTokenType.StartObject:
                _builder.Fail(NoChildren, Blame.Nobody);
                _reader.Skip();
                break;
            default:
                _builder.Fail("a list within a list is no value of any field", Blame.Nobody);
                _reader.Skip();
                break;
        }
    }

    /// <summary>The text of a string or a name, in place where it needs no unescaping.</summary>
    private readonly ReadOnlySpan<byte> Text(ref byte[]? rented)
    {
        if (!_reader.ValueIsEscaped && Utf8.IsValid(_reader.ValueSpan))
        {
            return _reader.ValueSpan;
        }

        if (!_reader.ValueIsEscaped)
        {
            return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(_reader.ValueSpan));
        }

        rented = ArrayPool<byte>.Shared.Rent(_reader.ValueSpan.Length);
        return rented.AsSpan(0, _reader.CopyString(rented));
    }

    private static void Return(byte[]? rented)
    {
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
