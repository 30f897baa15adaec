using System.CommandLine;
using Hybrid.Comparison.Stack;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Cli.Verbs;

/// <summary>The options that name the parts of a stack which are there already.</summary>
internal sealed class StackOptions
{
    private readonly Option<string> _stack = new("--stack")
    {
        Description = "sandbox (everything comes from it) or external (what is given below is used, the sandbox stands in for the rest).",
        HelpName = "KIND",
        DefaultValueFactory = _ => "sandbox",
    };

    private readonly Option<string> _kafka = new("--kafka") { Description = "external: the Kafka brokers, comma-separated.", HelpName = "HOST:PORT" };
    private readonly Option<string> _registry = new("--registry") { Description = "external: the schema registry.", HelpName = "URL" };
    private readonly Option<string> _s3 = new("--s3") { Description = "external: the S3 endpoint.", HelpName = "URL" };
    private readonly Option<string> _bucket = new("--bucket") { Description = "external: the bucket for the replay.", HelpName = "NAME" };
    private readonly Option<string> _accessKey = new("--s3-access-key") { Description = "external: the access key; the SDK's own chain when not given.", HelpName = "KEY" };
    private readonly Option<string> _secretKey = new("--s3-secret-key") { Description = "external: the secret key; better given by AWS_SECRET_ACCESS_KEY.", HelpName = "KEY" };
    private readonly Option<string> _solr = new("--solr") { Description = "external: Solr's base address, such as http://127.0.0.1:8983/solr.", HelpName = "URL" };

    public StackOptions() => _stack.AcceptOnlyFromAmong("sandbox", "external");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_stack, _kafka, _registry, _s3, _bucket, _accessKey, _secretKey, _solr])
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="HybridException">The addresses and the kind of stack contradict each other.</exception>
    public StackAddresses Read(ParseResult parsed)
    {
        var addresses = new StackAddresses
        {
            Kafka = parsed.GetValue(_kafka),
            Registry = parsed.GetValue(_registry),
            ObjectStore = parsed.GetValue(_s3),
            Bucket = parsed.GetValue(_bucket) ?? new StackAddresses().Bucket,
            AccessKey = parsed.GetValue(_accessKey),
            SecretKey = parsed.GetValue(_secretKey),
            Solr = parsed.GetValue(_solr),
        };
        var given = (addresses.Kafka ?? addresses.Registry ?? addresses.ObjectStore ?? addresses.Solr) is not null;
        return (parsed.GetValue(_stack), given) switch
        {
            ("sandbox", true) => throw HybridException.WrongCall("addresses are given and the stack is the sandbox: add --stack external, or leave the addresses out"),
            ("external", false) => throw HybridException.WrongCall("--stack external without an address: give any of --kafka, --registry, --s3 and --solr"),
            _ => addresses,
        };
    }
}
