using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Kafka.Apis.Errors;

/// <content>Topics, settings and the listing of groups.</content>
internal sealed partial class ErrorAnswers
{
    private static bool WriteOfAdministration(ApiKey key, ref RequestReader reader, ResponseWriter response, short version, ErrorCode error)
    {
        switch (key)
        {
            case ApiKey.CreateTopics:
                CreateTopics(ref reader, response, version, error);
                return true;
            case ApiKey.DeleteTopics:
                DeleteTopics(ref reader, response, version, error);
                return true;
            case ApiKey.CreatePartitions:
                CreatePartitions(ref reader, response, error);
                return true;
            case ApiKey.DescribeConfigs:
                Resources(ref reader, response, SkipKeys, (answer, type, name) =>
                {
                    DescribeResource(answer, type, name, error);
                    answer.ArrayLength(0);
                });
                return true;
            case ApiKey.AlterConfigs:
                Resources(ref reader, response, static (ref RequestReader rest) => SkipChanges(ref rest, incremental: false), (answer, type, name) => DescribeResource(answer, type, name, error));
                return true;
            case ApiKey.IncrementalAlterConfigs:
                Resources(ref reader, response, static (ref RequestReader rest) => SkipChanges(ref rest, incremental: true), (answer, type, name) => DescribeResource(answer, type, name, error));
                return true;
            case ApiKey.DeleteGroups:
                response.Int32(0);
                for (var count = Announce(ref reader, response); count > 0; count--)
                {
                    response.String(reader.String());
                    response.Error(error);
                    response.TaggedFields();
                }
                return true;
            case ApiKey.DescribeGroups:
                DescribeGroups(ref reader, response, version, error);
                return true;
            case ApiKey.ListGroups:
                ThrottleTime(response, version >= 1);
                response.Error(error);
                response.ArrayLength(0);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Reads how many entries follow and says that as many will.</summary>
    private static int Announce(ref RequestReader reader, ResponseWriter response)
    {
        var count = reader.ArrayLength();
        response.ArrayLength(count);
        return count;
    }

    private static void CreateTopics(ref RequestReader reader, ResponseWriter response, short version, ErrorCode error)
    {
        ThrottleTime(response, version >= 2);
        for (var count = Announce(ref reader, response); count > 0; count--)
        {
            response.String(reader.String());
            reader.Int32();
            reader.Int16();
            for (var assignments = reader.ArrayLength(); assignments > 0; assignments--)
            {
                reader.Int32();
                reader.Int32Array();
                reader.TaggedFields();
            }
            for (var settings = reader.ArrayLength(); settings > 0; settings--)
            {
                reader.String();
                reader.NullableString();
                reader.TaggedFields();
            }
            reader.TaggedFields();
            response.Error(error);
            if (version >= 1)
            {
                response.String(null);
            }
            if (version >= 5)
            {
                response.Int32(-1);
                response.Int16(-1);
                response.NullArray();
            }
            response.TaggedFields();
        }
    }

    private static void DeleteTopics(ref RequestReader reader, ResponseWriter response, short version, ErrorCode error)
    {
        ThrottleTime(response, version >= 1);
        for (var count = Announce(ref reader, response); count > 0; count--)
        {
            response.String(reader.String());
            response.Error(error);
            if (version >= 5)
            {
                response.String(null);
            }
            response.TaggedFields();
        }
    }

    private static void CreatePartitions(ref RequestReader reader, ResponseWriter response, ErrorCode error)
    {
        response.Int32(0);
        for (var count = Announce(ref reader, response); count > 0; count--)
        {
            response.String(reader.String());
            reader.Int32();
            for (var assignments = reader.ArrayLength(); assignments > 0; assignments--)
            {
                reader.Int32Array();
                reader.TaggedFields();
            }
            reader.TaggedFields();
            response.Error(error);
            response.String(null);
            response.TaggedFields();
        }
    }

    private static void Resources(
        ref RequestReader reader, ResponseWriter response, EntryReader skipRest, Action<ResponseWriter, sbyte, string> write)
    {
        response.Int32(0);
        for (var count = Announce(ref reader, response); count > 0; count--)
        {
            var type = reader.Int8();
            var name = reader.String();
            skipRest(ref reader);
            reader.TaggedFields();
            write(response, type, name);
            response.TaggedFields();
        }
    }

    private static void DescribeResource(ResponseWriter response, sbyte type, string name, ErrorCode error)
    {
        response.Error(error);
        response.String(null);
        response.Int8(type);
        response.String(name);
    }

    private static void SkipKeys(ref RequestReader reader)
    {
        for (var keys = reader.NullableArrayLength(); keys > 0; keys--)
        {
            reader.String();
        }
    }

    private static void SkipChanges(ref RequestReader reader, bool incremental)
    {
        for (var changes = reader.ArrayLength(); changes > 0; changes--)
        {
            reader.String();
            if (incremental)
            {
                reader.Int8();
            }
            reader.NullableString();
            reader.TaggedFields();
        }
    }

    private static void DescribeGroups(ref RequestReader reader, ResponseWriter response, short version, ErrorCode error)
    {
        ThrottleTime(response, version >= 1);
        for (var count = Announce(ref reader, response); count > 0; count--)
        {
            response.Error(error);
            response.String(reader.String());
            response.String("");
            response.String("");
            response.String("");
            response.ArrayLength(0);
            if (version >= 3)
            {
                response.Int32(NoAuthorisation);
            }
            response.TaggedFields();
        }
    }
}
