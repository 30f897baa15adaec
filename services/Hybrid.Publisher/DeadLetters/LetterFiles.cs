using System.Text.Json;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Publisher.DeadLetters;

/// <summary>
/// Dead letters in files, to be looked at and corrected: one NDJSON file, or a directory with the bytes of each in a file named
/// <c>partition-offset.line</c>.
/// </summary>
internal static class LetterFiles
{
    private const string Extension = ".line";

    /// <summary>Writes a letter's bytes into a directory.</summary>
    public static void WriteRaw(string directory, StoredLetter letter) =>
        File.WriteAllBytes(Path.Combine(directory, $"{letter.Position.Partition}-{letter.Position.Offset}{Extension}"), letter.Content);

    /// <summary>Reads corrected contents by position.</summary>
    /// <param name="path">A file or a directory as an export wrote it.</param>
    /// <exception cref="HybridException">It is not there, or not of that form.</exception>
    public static Dictionary<LetterPosition, byte[]> ReadCorrections(string path)
    {
        var corrections = Directory.Exists(path) ? ReadDirectory(path)
            : File.Exists(path) ? ReadLines(path)
            : throw HybridException.WrongCall($"--corrected {path} is neither a file nor a directory: give what 'hybrid dlq export' wrote");
        return corrections.Count > 0
            ? corrections
            : throw HybridException.WrongCall($"--corrected {path} holds no dead letters: give what 'hybrid dlq export' wrote");
    }

    private static Dictionary<LetterPosition, byte[]> ReadDirectory(string directory)
    {
        var corrections = new Dictionary<LetterPosition, byte[]>();
        foreach (var file in Directory.EnumerateFiles(directory, "*" + Extension))
        {
            if (!LetterPosition.TryParse(Path.GetFileNameWithoutExtension(file).Replace('-', ':'), out var position))
            {
                throw HybridException.WrongCall($"{file}: a file of a dead letter is named partition-offset{Extension}, such as 0-17{Extension}");
            }

            // An editor ends the file with a line feed that the line did not have.
            corrections[position] = File.ReadAllBytes(file).AsSpan().TrimEnd("\r\n"u8).ToArray();
        }

        return corrections;
    }

    private static Dictionary<LetterPosition, byte[]> ReadLines(string file)
    {
        var corrections = new Dictionary<LetterPosition, byte[]>();
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                var letter = LetterJson.Parse(line);
                corrections[LetterPosition.TryParse(letter.Position, out var position) ? position : throw new JsonException($"'{letter.Position}' is no position")] =
                    letter.Bytes ?? throw new JsonException("there is neither content nor contentBase64");
            }
            catch (JsonException wrong)
            {
                throw HybridException.WrongCall($"{file}, line {number} is no exported dead letter: {wrong.Message.ReplaceLineEndings(" ")}");
            }
        }

        return corrections;
    }
}
