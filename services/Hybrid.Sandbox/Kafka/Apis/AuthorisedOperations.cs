namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>
/// What a client may do, as a bit for each AclOperation (KIP-430): everything that there is, as on a broker without an authorizer.
/// </summary>
internal static class AuthorisedOperations
{
    /// <summary>Answers a request that does not ask.</summary>
    private const int NotAsked = int.MinValue;

    private const int Read = 1 << 3;
    private const int Write = 1 << 4;
    private const int Create = 1 << 5;
    private const int Delete = 1 << 6;
    private const int Alter = 1 << 7;
    private const int Describe = 1 << 8;
    private const int ClusterAction = 1 << 9;
    private const int DescribeConfigs = 1 << 10;
    private const int AlterConfigs = 1 << 11;
    private const int IdempotentWrite = 1 << 12;

    public static int OnTopic(bool asked) =>
        asked ? Read | Write | Create | Delete | Alter | Describe | DescribeConfigs | AlterConfigs : NotAsked;

    public static int OnGroup(bool asked) => asked ? Read | Delete | Describe : NotAsked;

    public static int OnCluster(bool asked) =>
        asked ? Create | Alter | Describe | ClusterAction | DescribeConfigs | AlterConfigs | IdempotentWrite : NotAsked;
}
