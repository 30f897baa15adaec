using Hybrid.Sandbox.Solr.Config;
using Hybrid.Sandbox.Solr.Schema;
using Hybrid.Sandbox.Solr.Update;

namespace Hybrid.Sandbox.Solr.Index;

/// <summary>What becomes of an update under a version constraint.</summary>
internal enum VersionVerdict
{
    /// <summary>It is newer: it goes on.</summary>
    Apply,

    /// <summary>It is not newer: it is dropped in silence.</summary>
    Drop,
}

/// <summary><c>DocBasedVersionConstraintsProcessor</c>: looks at an update before it is merged.</summary>
internal static class VersionCheck
{
    /// <param name="constraint">The constraint.</param>
    /// <param name="schema">The core's schema.</param>
    /// <param name="before">The document's body before, or null.</param>
    /// <param name="operation">The update.</param>
    /// <param name="batch">What holds its values.</param>
    /// <param name="refused">Why the update is refused, or null.</param>
    public static VersionVerdict Run(
        VersionConstraint constraint,
        CoreSchema schema,
        byte[]? before,
        in UpdateOperation operation,
        UpdateBatch batch,
        out SolrError? refused)
    {
        refused = null;
        var field = constraint.Field;
        var given = Given(field, operation, batch, out var isPlain);
        if (!isPlain)
        {
            refused = SolrError.BadRequest("old version and new version are not comparable: the version is not a plain value");
            return VersionVerdict.Apply;
        }

        if (given is null && (!constraint.SupportMissingVersionOnOldDocs || operation.IndexingError is not null))
        {
            refused = operation.IndexingError ?? new SolrError(500, $"Doc does not have versionField: {field.Name}");
            return VersionVerdict.Apply;
        }

        return Compare(constraint, schema, before, given, out refused);
    }

    /// <summary>Looks at the version of an update or a deletion.</summary>
    /// <param name="constraint">The constraint.</param>
    /// <param name="schema">The core's schema.</param>
    /// <param name="before">The document's body before, or null.</param>
    /// <param name="given">The version given, or null.</param>
    /// <param name="refused">Why it is refused, or null.</param>
    public static VersionVerdict Compare(VersionConstraint constraint, CoreSchema schema, byte[]? before, long? given, out SolrError? refused)
    {
        refused = null;
        if (before is null)
        {
            return VersionVerdict.Apply;
        }

        if (!StoredDocument.TryFind(schema, before, constraint.Field, out var stored))
        {
            refused = constraint.SupportMissingVersionOnOldDocs
                ? null
                : new SolrError(500, $"Doc exists in index, but has null versionField: {constraint.Field.Name}");
            return VersionVerdict.Apply;
        }

        if (given is null)
        {
            refused = SolrError.BadRequest("old version and new version are not comparable: the update has none");
            return VersionVerdict.Apply;
        }

        if (given > StoredValue.AsLong(stored))
        {
            return VersionVerdict.Apply;
        }

        if (!constraint.IgnoreOldUpdates)
        {
            refused = SolrError.Conflict($"user version is not high enough: [{given}]");
            return VersionVerdict.Apply;
        }

        return VersionVerdict.Drop;
    }

    private static long? Given(SchemaField field, in UpdateOperation operation, UpdateBatch batch, out bool isPlain)
    {
        isPlain = true;
        foreach (ref readonly var edit in batch.Edits(operation))
        {
            if (edit.Ordinal == field.Ordinal)
            {
                isPlain = edit.Kind == EditKind.Value;
                return edit.Count > 0 ? StoredValue.AsLong(batch.Values.Slice(edit.Offset, StoredValue.FixedSize)) : null;
            }
        }

        return null;
    }
}
