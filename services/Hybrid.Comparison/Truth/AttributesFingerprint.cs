using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Solr;

namespace Hybrid.Comparison.Truth;

/// <summary>A document's attributes, one hash a field: enough to tell which field differs, small enough to keep for every document.</summary>
/// <remarks>The hashes hold within one process only.</remarks>
internal readonly record struct AttributesFingerprint(int Title, int Category, int Price, int Quantity, int Campaign)
{
    /// <summary>The attributes that an upsert sets.</summary>
    public static AttributesFingerprint Of(CatalogDelta delta) =>
        new(Hash(delta.Title), Hash(delta.Category), Hash(delta.Price), Hash(delta.Quantity), Hash(delta.Campaign));

    /// <summary>The attributes that a document of the index has.</summary>
    public static AttributesFingerprint Of(IndexedDocument document) =>
        new(Hash(document.Title), Hash(document.Category), Hash(document.Price), Hash(document.Quantity), Hash(document.Campaign));

    /// <summary>The names of the fields that differ, comma-separated; empty when none does.</summary>
    public string Differences(AttributesFingerprint other)
    {
        var names = new List<string>(5);
        Add(Title, other.Title, "title");
        Add(Category, other.Category, "category");
        Add(Price, other.Price, "price");
        Add(Quantity, other.Quantity, "quantity");
        Add(Campaign, other.Campaign, "campaign");
        return string.Join(", ", names);

        void Add(int mine, int theirs, string name)
        {
            if (mine != theirs)
            {
                names.Add(name);
            }
        }
    }

    private static int Hash<T>(T? value) => value is null ? 0 : HashCode.Combine(value);
}
