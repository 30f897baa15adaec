using System.Globalization;
using System.Text;
using System.Xml;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Update;

/// <summary>
/// Reads an XML update: <c>add</c>, <c>delete</c>, <c>commit</c>, <c>optimize</c>, alone or within <c>update</c>; a field's
/// <c>update</c> attribute makes it atomic. What comes before a mistake stands.
/// </summary>
internal sealed class XmlUpdateReader
{
    private readonly UpdateBatchBuilder _builder;
    private readonly UpdateParameters _parameters;
    private readonly XmlReader _reader;

    private XmlUpdateReader(XmlReader reader, UpdateBatchBuilder builder, UpdateParameters parameters)
    {
        _reader = reader;
        _builder = builder;
        _parameters = parameters;
    }

    public static void Read(Stream body, UpdateBatch batch, UpdateBatchBuilder builder, UpdateParameters parameters)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CheckCharacters = false,
        };
        using var reader = XmlReader.Create(body, settings);
        try
        {
            new XmlUpdateReader(reader, builder, parameters).ReadCommands();
        }
        catch (XmlException exception)
        {
            batch.Failure = SolrError.BadRequest(exception.Message);
        }
        catch (SolrException exception)
        {
            batch.Failure = exception.Error;
        }
    }

    private void ReadCommands()
    {
        while (_reader.Read())
        {
            if (_reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            switch (_reader.Name)
            {
                case "update":
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
                    _builder.AddRollback();
                    break;
                default:
                    throw SolrException.BadRequest($"unexpected XML tag /{_reader.Name}");
            }
        }
    }

    private void ReadAdd()
    {
        var commitWithin = _parameters.CommitWithin;
        while (_reader.MoveToNextAttribute())
        {
            switch (_reader.Name)
            {
                case "commitWithin":
                    commitWithin = int.TryParse(_reader.Value, CultureInfo.InvariantCulture, out var milliseconds)
                        ? milliseconds
                        : throw SolrException.BadRequest($"For input string: \"{_reader.Value}\"");
                    break;
                case "overwrite" when _reader.Value == "false":
                    throw SolrException.Unsupported("overwrite=false");
                default:
                    break;
            }
        }

        _reader.MoveToElement();
        ForEachChild(() =>
        {
            if (_reader.Name != "doc")
            {
                throw SolrException.BadRequest($"unexpected XML tag add/{_reader.Name}");
            }

            ReadDocument();
            _builder.EndDocument(commitWithin);
        });
    }

    private void ReadDocument()
    {
        _builder.BeginDocument();
        ForEachChild(() =>
        {
            if (_reader.Name != "field")
            {
                throw SolrException.BadRequest($"unexpected XML tag doc/{_reader.Name}");
            }

            ReadField();
        });
    }

    private void ReadField()
    {
        var name = _reader.GetAttribute("name") ?? throw SolrException.BadRequest("missing name attribute in XML field");
        var update = _reader.GetAttribute("update");
        var isNull = _reader.GetAttribute("null") == "true";
        var text = _reader.IsEmptyElement ? string.Empty : _reader.ReadElementContentAsTextOnly();
        EditKind? kind = update switch
        {
            null => EditKind.Value,
            "set" => EditKind.Set,
            "add" => EditKind.Add,
            "add-distinct" => EditKind.AddDistinct,
            "remove" => EditKind.Remove,
            "removeregex" => EditKind.RemoveMatching,
            "inc" => EditKind.Increment,
            _ => null,
        };
        if (kind is not { } known)
        {
            _builder.FailUnknownOperation(update!);
            return;
        }

        _builder.BeginField(Encoding.UTF8.GetBytes(name), known);
        if (!isNull)
        {
            _builder.AddValue(RawValue.Of(Encoding.UTF8.GetBytes(text)));
        }

        _builder.EndField();
    }

    private void ReadDelete()
    {
        var commitWithin = int.TryParse(_reader.GetAttribute("commitWithin"), CultureInfo.InvariantCulture, out var given)
            ? given
            : _parameters.CommitWithin;
        ForEachChild(() =>
        {
            var name = _reader.Name;
            var version = long.TryParse(_reader.GetAttribute("version"), CultureInfo.InvariantCulture, out var asked)
                ? asked
                : _parameters.Version;
            var text = _reader.IsEmptyElement ? string.Empty : _reader.ReadElementContentAsTextOnly();
            switch (name)
            {
                case "id":
                    _builder.AddDelete(Encoding.UTF8.GetBytes(text), version, commitWithin);
                    break;
                case "query":
                    _builder.AddDeleteByQuery(text, commitWithin);
                    break;
                default:
                    throw SolrException.BadRequest($"unexpected XML tag /delete/{name}");
            }
        });
    }

    private CommitOptions ReadCommitOptions()
    {
        var options = new CommitOptions(Soft: false, OpenSearcher: true);
        while (_reader.MoveToNextAttribute())
        {
            options = _reader.Name switch
            {
                "softCommit" => options with { Soft = _reader.Value == "true" },
                "openSearcher" => options with { OpenSearcher = _reader.Value == "true" },
                "waitSearcher" or "waitFlush" or "expungeDeletes" or "maxSegments" => options,
                _ => throw SolrException.BadRequest($"Unknown commit parameter '{_reader.Name}'"),
            };
        }

        _reader.MoveToElement();
        return options;
    }

    /// <summary>Stands on an element; calls back on each child element, and leaves on the element's end.</summary>
    private void ForEachChild(Action child)
    {
        if (_reader.IsEmptyElement)
        {
            return;
        }

        var depth = _reader.Depth;
        while (_reader.Read() && !(_reader.NodeType == XmlNodeType.EndElement && _reader.Depth == depth))
        {
            if (_reader.NodeType == XmlNodeType.Element)
            {
                child();
            }
            else if (_reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
            {
                throw SolrException.BadRequest($"unexpected text '{_reader.Value.Trim()}' in the XML update");
            }
        }
    }
}
