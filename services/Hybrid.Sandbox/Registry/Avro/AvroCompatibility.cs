namespace Hybrid.Sandbox.Registry.Avro;

/// <summary>
/// Whether data written with one schema can be read with another, by the rules of "Schema Resolution" in the Avro 1.11 specification.
/// </summary>
internal sealed class AvroCompatibility
{
    private readonly HashSet<(AvroSchema Reader, AvroSchema Writer)> _assumed = [];
    private readonly List<string> _problems = [];

    private AvroCompatibility()
    {
    }

    /// <summary>Everything that keeps the reader from reading the writer's data, each with the path to it; empty when it can.</summary>
    public static IReadOnlyList<string> Check(AvroSchema reader, AvroSchema writer)
    {
        var check = new AvroCompatibility();
        check.Resolve(reader, writer, string.Empty);
        return check._problems;
    }

    private void Resolve(AvroSchema reader, AvroSchema writer, string path)
    {
        // A pair met again within itself is a recursive type: it is as compatible as the rest of it turns out to be.
        if (!_assumed.Add((reader, writer)))
        {
            return;
        }

        switch (reader, writer)
        {
            case (_, AvroUnion written):
                foreach (var branch in written.Branches)
                {
                    Resolve(reader, branch, path);
                }

                break;
            case (AvroUnion read, _):
                if (!read.Branches.Any(branch => Check(branch, writer, _assumed)))
                {
                    Problem("MISSING_UNION_BRANCH", path, "The reader's union has no branch for what the writer writes", writer.Description);
                }

                break;
            case (AvroRecord read, AvroRecord written):
                if (Named(read, written, path))
                {
                    ResolveFields(read, written, path);
                }

                break;
            case (AvroEnum read, AvroEnum written):
                if (Named(read, written, path)
                    && read.Default is null
                    && written.Symbols.Except(read.Symbols).ToList() is { Count: > 0 } missing)
                {
                    Problem("MISSING_ENUM_SYMBOLS", path, $"The reader's {read.Description} lacks symbols and has no default", $"[{string.Join(", ", missing)}]");
                }

                break;
            case (AvroFixed read, AvroFixed written):
                if (Named(read, written, path) && read.Size != written.Size)
                {
                    Problem("FIXED_SIZE_MISMATCH", path, $"{read.Description} differs in its size", $"expected: {written.Size}, found: {read.Size}");
                }

                break;
            case (AvroArray read, AvroArray written):
                Resolve(read.Items, written.Items, path + "/items");
                break;
            case (AvroMap read, AvroMap written):
                Resolve(read.Values, written.Values, path + "/values");
                break;
            default:
                if (!Promotes(writer.Kind, reader.Kind))
                {
                    Problem("TYPE_MISMATCH", path, "The reader's type cannot read the writer's", $"reader type: {reader.Description}, writer type: {writer.Description}");
                }

                break;
        }
    }

    private static bool Check(AvroSchema reader, AvroSchema writer, HashSet<(AvroSchema Reader, AvroSchema Writer)> assumed)
    {
        var check = new AvroCompatibility();
        check._assumed.UnionWith(assumed);
        check.Resolve(reader, writer, string.Empty);
        return check._problems.Count == 0;
    }

    private void ResolveFields(AvroRecord reader, AvroRecord writer, string path)
    {
        foreach (var field in reader.Fields)
        {
            var written = writer.Fields.FirstOrDefault(candidate => candidate.Name == field.Name)
                ?? writer.Fields.FirstOrDefault(candidate => field.Aliases.Contains(candidate.Name));
            if (written is not null)
            {
                Resolve(field.Schema, written.Schema, $"{path}/fields/{field.Name}");
            }
            else if (!field.HasDefault)
            {
                Problem("READER_FIELD_MISSING_DEFAULT_VALUE", $"{path}/fields/{field.Name}", "The writer lacks the field and the reader gives it no default", field.Name);
            }
        }
    }

    private bool Named(AvroNamed reader, AvroNamed writer, string path)
    {
        if (reader.Name.Simple == writer.Name.Simple || reader.Aliases.Contains(writer.Name.Full))
        {
            return true;
        }

        Problem("NAME_MISMATCH", path, "The names differ", $"expected: {writer.Name.Full}, found: {reader.Name.Full}");
        return false;
    }

    private static bool Promotes(string writer, string reader) => reader == writer || (writer, reader) switch
    {
        ("int", "long" or "float" or "double") => true,
        ("long", "float" or "double") => true,
        ("float", "double") => true,
        ("string", "bytes") or ("bytes", "string") => true,
        _ => false,
    };

    /// <summary>A problem in the layout that clients of the registry know.</summary>
    private void Problem(string type, string path, string description, string additionalInfo) => _problems.Add(
        $"{{errorType:'{type}', description:'{description} (at {(path.Length == 0 ? "/" : path)})', additionalInfo:'{additionalInfo}'}}");
}
