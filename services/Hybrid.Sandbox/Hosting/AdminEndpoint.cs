using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hybrid.Contracts.Json;
using Hybrid.Sandbox.Faults;
using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.Hosting;

/// <summary>What an operator asks the sandbox itself: <c>/admin/status</c>, and <c>/admin/faults</c> to inject, list and clear faults.</summary>
/// <param name="status">Tells the status.</param>
/// <param name="faults">Where faults are injected.</param>
internal sealed class AdminEndpoint(Func<SandboxStatus> status, FaultCatalog faults)
{
    private const string FaultsPath = "/admin/faults";
    private const int LargestBody = 64 << 10;

    public Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value?.TrimEnd('/') ?? string.Empty;
        return (context.Request.Method, path) switch
        {
            ("GET", "/admin/status") => SendAsync(context, status(), StatusJson.Default.SandboxStatus),
            ("GET", FaultsPath) => SendAsync(context, faults.List(), StatusJson.Default.IReadOnlyListFaultStatus),
            ("POST", FaultsPath) => AddAsync(context),
            ("DELETE", FaultsPath) => ClearAsync(context, null),
            ("DELETE", _) when path.StartsWith(FaultsPath + "/", StringComparison.Ordinal) => ClearAsync(context, path[(FaultsPath.Length + 1)..]),
            (_, "/admin/status" or FaultsPath) => RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, $"{context.Request.Method} is not allowed here"),
            _ => RefuseAsync(context, StatusCodes.Status404NotFound, "there are /admin/status and /admin/faults"),
        };
    }

    private async Task AddAsync(HttpContext context)
    {
        if (context.Request.ContentLength is > LargestBody)
        {
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, $"a fault has {LargestBody} bytes at most").ConfigureAwait(false);
            return;
        }

        try
        {
            var specification = await JsonSerializer.DeserializeAsync(
                context.Request.Body, FaultJson.Default.FaultSpecification, context.RequestAborted).ConfigureAwait(false)
                ?? throw new SandboxException("the body is null: give a fault as a JSON object");
            context.Response.StatusCode = StatusCodes.Status201Created;
            await SendAsync(context, faults.Add(specification), StatusJson.Default.FaultStatus).ConfigureAwait(false);
        }
        catch (JsonException exception)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, $"the body is no fault: {JsonMistake.Describe(exception)}").ConfigureAwait(false);
        }
        catch (SandboxException exception)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, exception.Message).ConfigureAwait(false);
        }
    }

    private Task ClearAsync(HttpContext context, string? id)
    {
        var cleared = faults.Clear(id);
        return cleared == 0 && id is not null
            ? RefuseAsync(context, StatusCodes.Status404NotFound, $"there is no fault {id}")
            : SendAsync(context, new FaultsCleared(cleared), StatusJson.Default.FaultsCleared);
    }

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return SendAsync(context, new FaultRefusal(message), StatusJson.Default.FaultRefusal);
    }

    private static Task SendAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(value, type), context.RequestAborted).AsTask();
    }
}
