using System.Text;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Update;

/// <summary>
/// Fills a batch, document by document and field by field, converting each value to what its field stores. A value that its field
/// cannot hold condemns the document, not the request: whether that matters is decided when the document's turn comes.
/// </summary>
/// <param name="schema">The core's schema.</param>
/// <param name="converter">Converts the values.</param>
/// <param name="batch">What is filled.</param>
/// <param name="expectedVersion">What optimistic concurrency asks of a document that does not say; 0 for nothing.</param>
internal sealed class UpdateBatchBuilder(CoreSchema schema, ValueConverter converter, UpdateBatch batch, long expectedVersion)
{
    private UpdateOperation _operation;
    private SchemaField? _field;
    private string? _fieldName;
    private EditKind _kind;
    private int _valuesOffset;
    private int _valueCount;
    private string? _error;
    private Blame _blame;
    private string _rootClass = JavaClasses.SolrException;

    public void BeginDocument()
    {
        _operation = new UpdateOperation { Kind = UpdateKind.Add, FirstEdit = batch.EditCount, IdLength = -1, ExpectedVersion = expectedVersion };
        _error = null;
    }

    /// <summary>Begins one edit; the values that follow belong to it.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="kind">What is done to it.</param>
    public void BeginField(ReadOnlySpan<byte> name, EditKind kind)
    {
        _field = schema.Find(name);
        _fieldName = _field?.Name ?? Encoding.UTF8.GetString(name);
        _kind = kind;
        _valuesOffset = batch.Values.Length;
        _valueCount = 0;
        if (kind != EditKind.Value)
        {
            _operation.IsAtomic = true;
            if (ReferenceEquals(_field, schema.Id) || ReferenceEquals(_field, schema.Version))
            {
                Fail($"Updating unique key, version or route field is not allowed: {_fieldName}", Blame.Nobody);
            }
        }
    }

    public void AddValue(in RawValue value)
    {
        if (_field is null)
        {
            Fail(_kind == EditKind.Value ? $"unknown field '{_fieldName}'" : $"undefined field: \"{_fieldName}\"", Given);
        }
        else if (ReferenceEquals(_field, schema.Id))
        {
            SetId(value);
        }
        else if (ReferenceEquals(_field, schema.Version))
        {
            SetVersion(value);
        }
        else if (_kind == EditKind.Increment && _field.Kind is not (FieldKind.Long or FieldKind.Double))
        {
            Fail($"'inc' is not supported on non-numeric field {_field.Name}", Blame.Nobody);
        }
        else if (_kind == EditKind.RemoveMatching)
        {
            AddPattern(value.ToString());
        }
        else if (converter.TryWrite(_field, value, batch.Values) is { } reason)
        {
            Refuse(_field, value, reason);
        }
        else
        {
            _valueCount++;
        }
    }

    public void EndField()
    {
        if (_field is not null && !ReferenceEquals(_field, schema.Id) && !ReferenceEquals(_field, schema.Version))
        {
            var length = batch.Values.Length - _valuesOffset;
            batch.Add(new FieldEdit((byte)_field.Ordinal, _kind, _valuesOffset, length, _valueCount));
        }
    }

    /// <summary>Condemns the document.</summary>
    /// <param name="message">Why, as Solr says it.</param>
    /// <param name="blame">What Solr puts before it.</param>
    /// <param name="rootClass">What Solr's code calls the reason.</param>
    public void Fail(string message, Blame blame, string rootClass = JavaClasses.SolrException)
    {
        if (_error is null)
        {
            _error = message;
            _blame = blame;
            _rootClass = rootClass;
        }
    }

    /// <summary>Condemns the document for an operation that atomic updates do not know.</summary>
    public void FailUnknownOperation(string name)
    {
        _operation.IsAtomic = true;
        Fail($"Unknown operation for the an atomic update: {name}", Blame.Document);
    }

    public void EndDocument(int commitWithin)
    {
        _operation.EditCount = batch.EditCount - _operation.FirstEdit;
        _operation.CommitWithin = commitWithin;
        if (_operation.IdLength < 0)
        {
            _operation.Error ??= SolrError.BadRequest($"Document is missing mandatory uniqueKey field: {schema.Id.Name}");
        }
        else if (_error is not null)
        {
            var id = Encoding.UTF8.GetString(_operation.Id(batch.Values));
            var message = _blame switch
            {
                Blame.Document => $"ERROR: [doc={id}] {_error}",
                Blame.Index => $"Exception writing document id {id} to the index; possible analysis error: {_error}",
                _ => _error,
            };
            _operation.IndexingError = SolrError.BadRequest(message, _rootClass);
        }

        batch.Add(_operation);
    }

    public void AddDelete(ReadOnlySpan<byte> id, long expectedVersion, int commitWithin)
    {
        var offset = batch.Values.Length;
        batch.Values.Write(id);
        batch.Add(new UpdateOperation
        {
            Kind = UpdateKind.DeleteById,
            IdOffset = offset,
            IdLength = id.Length,
            ExpectedVersion = expectedVersion,
            CommitWithin = commitWithin,
        });
    }

    public void AddDeleteByQuery(string query, int commitWithin) =>
        batch.Add(new UpdateOperation { Kind = UpdateKind.DeleteByQuery, Query = query, CommitWithin = commitWithin });

    public void AddCommit(CommitOptions options) =>
        batch.Add(new UpdateOperation { Kind = UpdateKind.Commit, Commit = options, CommitWithin = -1 });

    public void AddRollback() => batch.Add(new UpdateOperation { Kind = UpdateKind.Rollback, CommitWithin = -1 });

    private Blame Given => _kind == EditKind.Value ? Blame.Document : Blame.Nobody;

    private void Refuse(SchemaField field, in RawValue value, string reason)
    {
        var rootClass = field.Kind == FieldKind.Date ? JavaClasses.DateFormat : JavaClasses.NumberFormat;
        if (field.Kind == FieldKind.String)
        {
            Fail(reason, Blame.Index, JavaClasses.IllegalArgument);
        }
        else if (_kind == EditKind.Value)
        {
            Fail($"Error adding field '{field.Name}'='{value.ToString()}' msg={reason}", Given, rootClass);
        }
        else
        {
            Fail($"Error converting field '{field.Name}'='{value.ToString()}' to native type, msg={reason}", Given, rootClass);
        }
    }

    private void AddPattern(string pattern)
    {
        if (ValuePattern.TryParse(pattern) is null)
        {
            Fail($"the regular expression '{pattern}' cannot be read", Blame.Nobody);
            return;
        }

        StoredValue.WriteOne(FieldKind.String, Encoding.UTF8.GetBytes(pattern), batch.Values);
        _valueCount++;
    }

    private void SetId(in RawValue value)
    {
        var text = value.Kind == RawKind.Text ? value.Text : Encoding.UTF8.GetBytes(value.ToString());
        if (ValueConverter.Immense(schema.Id, text) is { } reason)
        {
            Fail(reason, Blame.Index);
        }

        if (_operation.IdLength >= 0)
        {
            var first = Encoding.UTF8.GetString(_operation.Id(batch.Values));
            _operation.Error ??= SolrError.BadRequest(
                $"Document contains multiple values for uniqueKey field: {schema.Id.Name}=[{first}, {value.ToString()}]");
            return;
        }

        _operation.IdOffset = batch.Values.Length;
        _operation.IdLength = text.Length;
        batch.Values.Write(text);
    }

    private void SetVersion(in RawValue value)
    {
        if (ValueConverter.TryLong(value, out var version))
        {
            _operation.ExpectedVersion = version;
        }
        else
        {
            Fail($"For input string: \"{value.ToString()}\"", Blame.Nobody);
        }
    }
}

/// <summary>What Solr puts before the reason for which it refuses a document.</summary>
internal enum Blame
{
    /// <summary>Nothing.</summary>
    Nobody,

    /// <summary><c>ERROR: [doc=…]</c>.</summary>
    Document,

    /// <summary>That it could not be written to the index.</summary>
    Index,
}
