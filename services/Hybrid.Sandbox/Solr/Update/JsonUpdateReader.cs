using System.Text;
using System.Text.Json;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Update;

/// <summary>
/// Reads a JSON update: an array of documents, or commands (<c>{"add":{"doc":…},"delete":…,"commit":{}}</c>, a key as often as
/// wanted). What comes before a mistake stands.
/// </summary>
internal ref partial struct JsonUpdateReader
{
    private readonly UpdateBatch _batch;
    private readonly UpdateBatchBuilder _builder;
    private readonly UpdateParameters _parameters;
    private Utf8JsonReader _reader;

    private JsonUpdateReader(ReadOnlySpan<byte> body, UpdateBatch batch, UpdateBatchBuilder builder, UpdateParameters parameters)
    {
        _batch = batch;
        _builder = builder;
        _parameters = parameters;
        _reader = new Utf8JsonReader(
            body.StartsWith("\uFEFF"u8) ? body[3..] : body,
            new JsonReaderOptions { AllowMultipleValues = true, CommentHandling = JsonCommentHandling.Skip });
    }

    /// <summary>Reads commands, or an array of documents.</summary>
    public static void Read(ReadOnlySpan<byte> body, UpdateBatch batch, UpdateBatchBuilder builder, UpdateParameters parameters) =>
        new JsonUpdateReader(body, batch, builder, parameters).Guard(static (ref JsonUpdateReader reader) => reader.ReadCommands());

    /// <summary>Reads documents that stand by themselves, as <c>/update/json/docs</c> takes them: objects or arrays of them.</summary>
    public static void ReadDocuments(ReadOnlySpan<byte> body, UpdateBatch batch, UpdateBatchBuilder builder, UpdateParameters parameters) =>
        new JsonUpdateReader(body, batch, builder, parameters).Guard(static (ref JsonUpdateReader reader) => reader.ReadBareDocuments());

    private delegate void Reading(ref JsonUpdateReader reader);

    private void Guard(Reading reading)
    {
        try
        {
            reading(ref this);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            _batch.Failure = SolrError.BadRequest($"Cannot parse provided JSON: {exception.Message}", JavaClasses.JsonSyntax);
        }
        catch (SolrException exception)
        {
            _batch.Failure = exception.Error;
        }
    }

    private void ReadCommands()
    {
        while (_reader.Read())
        {
            switch (_reader.TokenType)
            {
                case JsonTokenType.StartArray:
                    ReadDocumentArray();
                    break;
                case JsonTokenType.PropertyName:
                    ReadCommand();
                    break;
                default:
                    break;
            }
        }
    }

    private void ReadBareDocuments()
    {
        while (_reader.Read())
        {
            if (_reader.TokenType == JsonTokenType.StartArray)
            {
                ReadDocumentArray();
            }
            else
            {
                Expect(JsonTokenType.StartObject);
                ReadDocument();
                _builder.EndDocument(_parameters.CommitWithin);
            }
        }
    }

    private void ReadCommand()
    {
        var name = _reader.GetString()!;
        Next();
        switch (name)
        {
            case "add" when _reader.TokenType == JsonTokenType.StartArray:
                ReadDocumentArray();
                break;
            case "add":
                ReadAdd();
                break;
            case "delete":
                ReadDelete();
                break;
            case "commit":
                _builder.AddCommit(ReadCommitOptions());
                break;
            case "optimize":
                _builder.AddCommit(ReadCommitOptions() with { Soft = false });
                break;
            case "rollback":
                Expect(JsonTokenType.StartObject);
                Next();
                Expect(JsonTokenType.EndObject);
                _builder.AddRollback();
                break;
            default:
                throw SolrException.BadRequest($"Unknown command '{name}' at [{_reader.BytesConsumed}]");
        }
    }

    private void ReadDocumentArray()
    {
        for (Next(); _reader.TokenType != JsonTokenType.EndArray; Next())
        {
            Expect(JsonTokenType.StartObject);
            ReadDocument();
            _builder.EndDocument(_parameters.CommitWithin);
        }
    }

    private void ReadAdd()
    {
        Expect(JsonTokenType.StartObject);
        var commitWithin = _parameters.CommitWithin;
        var seen = false;
        for (Next(); _reader.TokenType != JsonTokenType.EndObject; Next())
        {
            var key = _reader.GetString()!;
            Next();
            switch (key)
            {
                case "doc" when seen:
                    throw SolrException.BadRequest($"Multiple documents in same add command at [{_reader.BytesConsumed}]");
                case "doc":
                    Expect(JsonTokenType.StartObject);
                    ReadDocument();
                    seen = true;
                    break;
                case "commitWithin":
                    commitWithin = _reader.GetInt32();
                    break;
                case "overwrite":
                    if (!_reader.GetBoolean())
                    {
                        throw SolrException.Unsupported("overwrite=false");
                    }

                    break;
                case "boost":
                    break;
                default:
                    throw SolrException.BadRequest($"Unknown key '{key}' at [{_reader.BytesConsumed}]");
            }
        }

        if (!seen)
        {
            throw SolrException.BadRequest($"Missing solr document at [{_reader.BytesConsumed}]");
        }

        _builder.EndDocument(commitWithin);
    }

    private void ReadDelete()
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartArray:
                for (Next(); _reader.TokenType != JsonTokenType.EndArray; Next())
                {
                    ReadSingleDelete();
                }

                break;
            default:
                ReadSingleDelete();
                break;
        }
    }

    private void ReadSingleDelete()
    {
        if (_reader.TokenType == JsonTokenType.StartObject)
        {
            ReadDeleteObject();
        }
        else
        {
            byte[]? rented = null;
            _builder.AddDelete(Scalar(ref rented), _parameters.Version, _parameters.CommitWithin);
            Return(rented);
        }
    }

    private void ReadDeleteObject()
    {
        var commitWithin = _parameters.CommitWithin;
        var version = _parameters.Version;
        string? id = null;
        string? query = null;
        for (Next(); _reader.TokenType != JsonTokenType.EndObject; Next())
        {
            var key = _reader.GetString()!;
            Next();
            byte[]? rented = null;
            switch (key)
            {
                case "id":
                    id = Encoding.UTF8.GetString(Scalar(ref rented));
                    break;
                case "query":
                    query = _reader.GetString();
                    break;
                case "commitWithin":
                    commitWithin = _reader.GetInt32();
                    break;
                case "_version_":
                    version = _reader.GetInt64();
                    break;
                default:
                    throw SolrException.BadRequest($"Unknown key '{key}' at [{_reader.BytesConsumed}]");
            }

            Return(rented);
        }

        if (id is not null)
        {
            _builder.AddDelete(Encoding.UTF8.GetBytes(id), version, commitWithin);
        }
        else if (query is not null)
        {
            _builder.AddDeleteByQuery(query, commitWithin);
        }
        else
        {
            throw SolrException.BadRequest($"Missing id or query for delete at [{_reader.BytesConsumed}]");
        }
    }

    private CommitOptions ReadCommitOptions()
    {
        Expect(JsonTokenType.StartObject);
        var options = new CommitOptions(Soft: false, OpenSearcher: true);
        for (Next(); _reader.TokenType != JsonTokenType.EndObject; Next())
        {
            var key = _reader.GetString()!;
            Next();
            options = key switch
            {
                "softCommit" => options with { Soft = Boolean() },
                "openSearcher" => options with { OpenSearcher = Boolean() },
                "waitSearcher" or "waitFlush" or "expungeDeletes" or "maxSegments" => options,
                _ => throw SolrException.BadRequest($"Unknown commit parameter '{key}'"),
            };
        }

        return options;
    }

    private readonly bool Boolean() => _reader.TokenType switch
    {
        JsonTokenType.True or JsonTokenType.False => _reader.GetBoolean(),
        JsonTokenType.String when bool.TryParse(_reader.GetString(), out var value) => value,
        _ => throw SolrException.BadRequest($"invalid boolean value at [{_reader.BytesConsumed}]"),
    };

    /// <summary>A primitive as text, which Solr takes for an id.</summary>
    private readonly ReadOnlySpan<byte> Scalar(ref byte[]? rented) => _reader.TokenType switch
    {
        JsonTokenType.String => Text(ref rented),
        JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False => _reader.ValueSpan,
        _ => throw SolrException.BadRequest($"Expected primitive JSON value but got: {_reader.TokenType} at [{_reader.BytesConsumed}]"),
    };

    private void Next()
    {
        if (!_reader.Read())
        {
            throw new JsonException($"the text ends at [{_reader.BytesConsumed}]");
        }
    }

    private readonly void Expect(JsonTokenType expected)
    {
        if (_reader.TokenType != expected)
        {
            throw SolrException.BadRequest($"Expected: {expected} but got {_reader.TokenType} at [{_reader.BytesConsumed}]");
        }
    }
}
