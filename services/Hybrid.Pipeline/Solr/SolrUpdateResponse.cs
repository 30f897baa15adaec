using System.Text.Json;

namespace Hybrid.Pipeline.Solr;

/// <summary>
/// The parts of Solr's JSON answer that matter: <c>responseHeader.status</c>, the documents in <c>responseHeader.errors[]</c> (Solr
/// Reference Guide, TolerantUpdateProcessorFactory) and <c>error.msg</c>.
/// </summary>
internal sealed class SolrUpdateResponse
{
    private SolrUpdateResponse()
    {
    }

    /// <summary>0 when Solr did what it was asked; null when the header does not say.</summary>
    public int? Status { get; private set; }

    /// <summary>The refused documents.</summary>
    public List<SolrRefusal>? Refused { get; private set; }

    /// <summary><c>error.msg</c>, one line.</summary>
    public string? Error { get; private set; }

    /// <summary>Reads an answer; false when it is not a JSON object.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, out SolrUpdateResponse response)
    {
        response = new SolrUpdateResponse();
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("responseHeader"u8))
                {
                    reader.Read();
                    response.ReadHeader(ref reader);
                }
                else if (reader.ValueTextEquals("error"u8))
                {
                    reader.Read();
                    response.ReadError(ref reader);
                }
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }

            return reader.TokenType == JsonTokenType.EndObject;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    private void ReadHeader(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("status"u8))
            {
                reader.Read();
                Status = reader.GetInt32();
            }
            else if (reader.ValueTextEquals("errors"u8))
            {
                reader.Read();
                ReadRefused(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
    }

    private void ReadRefused(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            string id = "", message = "";
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("id"u8))
                {
                    reader.Read();
                    id = reader.GetString() ?? "";
                }
                else if (reader.ValueTextEquals("message"u8))
                {
                    reader.Read();
                    message = reader.GetString() ?? "";
                }
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }

            (Refused ??= []).Add(new SolrRefusal(id, message.ReplaceLineEndings(" ")));
        }
    }

    private void ReadError(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMessage = reader.ValueTextEquals("msg"u8);
            reader.Read();
            if (isMessage)
            {
                Error = reader.GetString()?.ReplaceLineEndings(" ");
            }
            else
            {
                reader.Skip();
            }
        }
    }
}
