using System.Net.Sockets;
using Hybrid.Sandbox.Kafka.Apis.Errors;
using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Faults.Kafka;

/// <summary>Has the requests of Kafka meet its faults.</summary>
internal sealed class KafkaFaults(ServiceFaults faults, ErrorAnswers errors)
{
    public ServiceFaults Service => faults;

    /// <summary>What a request meets; null, at the cost of one volatile read, while no fault is in force.</summary>
    public FaultEncounter? Meet(KafkaRequest request) =>
        faults.OfRequests ? faults.Meet(request.Key.ToString(), KafkaRequestNames.Of(request)) : null;

    /// <summary>Writes the error answer that a fault gives, or ends the connection.</summary>
    /// <exception cref="SocketException">The connection is to be closed without an answer.</exception>
    public void Answer(FaultPlan plan, KafkaRequest request, ResponseWriter response)
    {
        if (plan.Kind == FaultKind.Drop || !errors.Write(request, response, (ErrorCode)plan.KafkaError))
        {
            throw new SocketException((int)SocketError.ConnectionAborted);
        }
    }

    /// <summary>Writes the answer to a request that the disk did not take; false if there is none.</summary>
    public bool AnswerStorageFailure(KafkaRequest request, ResponseWriter response) =>
        errors.Write(request, response, ErrorAnswers.StorageFailure(request.Key));
}
