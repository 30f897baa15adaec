using Hybrid.Contracts.Search;
using Hybrid.Pipeline.Windows;

namespace Hybrid.Pipeline.Solr.Updates;

/// <summary>What happened to documents within the window.</summary>
internal sealed class SignalsFamily : UpdateFamily<DocumentSignals>
{
    public static readonly SignalsFamily Instance = new();

    private readonly UpdateField _version = new(SolrFields.SignalsVersion);
    private readonly UpdateField _units = new(SolrFields.SignalUnits);
    private readonly UpdateField _lines = new(SolrFields.SignalLines);
    private readonly UpdateField _revenue = new(SolrFields.SignalRevenue);
    private readonly UpdateField _related = new(SolrFields.SignalRelated);

    private SignalsFamily()
    {
    }

    public override string Chain => UpdateChains.Signals;

    public override string IdOf(DocumentSignals item) => item.DocumentId;

    public override string? Unwritable(DocumentSignals item) => null;

    public override void Write(IUpdateSink sink, DocumentSignals item)
    {
        sink.Id(item.DocumentId);
        sink.Version(_version, item.Version);
        sink.Set(_units, item.Units);
        sink.Set(_lines, item.Lines);
        sink.Set(_revenue, item.Revenue);
        sink.Set(_related, item.Related);
    }
}
