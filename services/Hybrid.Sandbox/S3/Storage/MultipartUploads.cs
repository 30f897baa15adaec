using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Hybrid.Sandbox.S3.Protocol;

namespace Hybrid.Sandbox.S3.Storage;

/// <summary>A multipart upload that was begun.</summary>
/// <param name="Id">Given to the client.</param>
/// <param name="Bucket">The object's bucket.</param>
/// <param name="Key">The object's key.</param>
/// <param name="Initiated">When it began.</param>
/// <param name="Headers">Headers the object will have.</param>
/// <param name="ChecksumHeader">The header name of the checksum that parts and object have; null is none.</param>
/// <param name="ChecksumOfWholeObject">The object's checksum is that of its body, not one of its parts' checksums.</param>
/// <param name="Tags">Tags the object will have.</param>
internal sealed record MultipartUpload(
    string Id,
    string Bucket,
    string Key,
    DateTimeOffset Initiated,
    IReadOnlyDictionary<string, string> Headers,
    string? ChecksumHeader = null,
    bool ChecksumOfWholeObject = false,
    string? Tags = null);

/// <summary>
/// Uploads in progress, on disk: <c>uploads/ID/upload.json</c> and an object file for every part, so that they outlive a restart.
/// </summary>
internal sealed class MultipartUploads(string directory)
{
    private const string Description = "upload.json";
    private const int PartNumberDigits = 5;
    private const int HighestPart = 10_000;

    /// <summary>Begins an upload.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="temporaryPath">Where its description is written before it counts.</param>
    public void Begin(MultipartUpload upload, string temporaryPath)
    {
        Directory.CreateDirectory(temporaryPath);
        File.WriteAllBytes(
            Path.Combine(temporaryPath, Description), JsonSerializer.SerializeToUtf8Bytes(upload, StorageJson.Default.MultipartUpload));
        Directory.Move(temporaryPath, PathOf(upload.Id));
    }

    /// <exception cref="S3Exception">NoSuchUpload.</exception>
    public MultipartUpload Get(string id, string bucket, string key)
    {
        var upload = IsId(id) ? Read(PathOf(id)) : null;
        return upload is not null && upload.Bucket == bucket && upload.Key == key ? upload : throw S3Exception.NoSuchUpload();
    }

    /// <summary>Every upload of a bucket, by key, then by start.</summary>
    public IReadOnlyList<MultipartUpload> Of(string bucket) =>
        [.. Directory.EnumerateDirectories(directory)
            .Select(Read)
            .OfType<MultipartUpload>()
            .Where(upload => upload.Bucket == bucket)
            .OrderBy(static upload => upload.Key, KeyOrder.Instance)
            .ThenBy(static upload => upload.Id, StringComparer.Ordinal)];

    /// <summary>Makes a finished file a part of the upload, in place of an earlier one of that number.</summary>
    /// <exception cref="S3Exception">NoSuchUpload: it was aborted or completed meanwhile.</exception>
    public void Commit(MultipartUpload upload, int part, string finishedFile)
    {
        try
        {
            File.Move(finishedFile, PartPath(upload.Id, part), overwrite: true);
        }
        catch (DirectoryNotFoundException)
        {
            throw S3Exception.NoSuchUpload();
        }
    }

    /// <summary>The parts that are there, by number.</summary>
    public IReadOnlyList<(int Number, StoredObject Entry)> Parts(MultipartUpload upload)
    {
        var parts = new List<(int Number, StoredObject Entry)>();
        foreach (var path in Directory.EnumerateFiles(PathOf(upload.Id)).Order(StringComparer.Ordinal))
        {
            if (int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                using var file = File.OpenHandle(path);
                if (ObjectFile.ReadDescription(file) is { } entry)
                {
                    parts.Add((number, entry));
                }
            }
        }

        return parts;
    }

    public FileStream OpenPart(MultipartUpload upload, int part) => File.OpenRead(PartPath(upload.Id, part));

    /// <summary>Forgets an upload and its parts; one that is gone already is no error.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="temporaryPath">Where it is moved before it is deleted.</param>
    public void Remove(MultipartUpload upload, string temporaryPath)
    {
        try
        {
            Directory.Move(PathOf(upload.Id), temporaryPath);
        }
        catch (DirectoryNotFoundException)
        {
            return;
        }

        Directory.Delete(temporaryPath, recursive: true);
    }

    /// <summary>An id that sorts by the time of its upload.</summary>
    public static string NewId(DateTimeOffset initiated) =>
        initiated.ToUnixTimeMilliseconds().ToString("x12", CultureInfo.InvariantCulture) + RandomNumberGenerator.GetHexString(20, lowercase: true);

    /// <exception cref="S3Exception">InvalidArgument.</exception>
    public static int ParsePartNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= HighestPart
            ? number
            : throw S3Exception.InvalidArgument($"The part number must be from 1 to {HighestPart}.");

    private static MultipartUpload? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(path, Description)), StorageJson.Default.MultipartUpload);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static bool IsId(string id) => id.Length == 32 && id.All(char.IsAsciiHexDigitLower);

    private string PathOf(string id) => Path.Combine(directory, id);

    private string PartPath(string id, int part) =>
        Path.Combine(PathOf(id), part.ToString(CultureInfo.InvariantCulture).PadLeft(PartNumberDigits, '0'));
}
