namespace Hybrid.Cli.CommandLine;

/// <summary>The named options that several verbs share.</summary>
internal static class CommonSettings
{
    public static SettingOptions WithKafka(this SettingOptions settings) => settings
        .With("--kafka", "Kafka:BootstrapServers", "HOST:PORT", "The Kafka brokers, comma-separated.")
        .With("--registry", "Avro:RegistryUrl", "URL", "The schema registry.");

    public static SettingOptions WithObjectStore(this SettingOptions settings) => settings
        .With("--s3", "ObjectStore:ServiceUrl", "URL", "The S3 endpoint.")
        .With("--bucket", "ObjectStore:Bucket", "NAME", "The bucket.")
        .With("--prefix", "ObjectStore:Prefix", "PREFIX", "The source's root within the bucket.");

    public static SettingOptions WithSolr(this SettingOptions settings) => settings
        .With("--solr", "Solr:Url", "URL", "Solr's base address, such as http://127.0.0.1:8983/solr.")
        .With("--collection", "Solr:Collection", "NAME", "The collection; the lane's name when not given.")
        .With("--visibility", "Solr:Visibility", "WHEN", "When an update becomes searchable: commit-within=200ms, soft-commit or server.");

    public static SettingOptions WithRestart(this SettingOptions settings, string section) => settings
        .With("--restart", $"{section}:Restart", "POLICY", "After a restart: resume (everything that was missed) or latest (the newest at once).");
}
