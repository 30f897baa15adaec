using Microsoft.AspNetCore.Http;

namespace Hybrid.Sandbox.Faults;

/// <summary>Has the requests of an HTTP service meet its faults.</summary>
/// <param name="faults">The service's.</param>
/// <param name="writeError">Writes an error as the service does.</param>
internal sealed class HttpFaults(ServiceFaults faults, Func<HttpContext, HttpFaultError, Task> writeError)
{
    /// <summary>Whether any is in force: if not, there is no need to ask.</summary>
    public bool InForce => faults.OfRequests;

    /// <summary>Handles a request, or has it meet what is in its way.</summary>
    /// <param name="context">The request.</param>
    /// <param name="operation">Its operation.</param>
    /// <param name="targets">What it is about, by each of its names.</param>
    /// <param name="handle">Handles it and writes the answer.</param>
    public Task AnswerAsync(HttpContext context, string operation, ReadOnlySpan<string> targets, Func<Task> handle) =>
        faults.Meet(operation, targets) is { } encounter ? AnswerAsync(context, encounter, handle) : handle();

    private async Task AnswerAsync(HttpContext context, FaultEncounter encounter, Func<Task> handle)
    {
        await encounter.DelayAsync(context.RequestAborted).ConfigureAwait(false);
        if (encounter.Instead is { } instead)
        {
            await GiveAsync(context, instead).ConfigureAwait(false);
        }
        else if (encounter.TouchesAnswer)
        {
            await HoldBackAsync(context, encounter, handle).ConfigureAwait(false);
        }
        else
        {
            await handle().ConfigureAwait(false);
        }
    }

    /// <summary>Handles the request into memory, so that nothing of the answer is out before it may be.</summary>
    private async Task HoldBackAsync(HttpContext context, FaultEncounter encounter, Func<Task> handle)
    {
        var client = context.Response.Body;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        try
        {
            await handle().ConfigureAwait(false);
        }
        catch (Exception) when (encounter.InsteadOfAnswer is not null && !context.RequestAborted.IsCancellationRequested)
        {
            // It would have been an error answer; another takes its place.
        }
        finally
        {
            context.Response.Body = client;
            await encounter.DelayAnswerAsync(context.RequestAborted).ConfigureAwait(false);
        }

        if (encounter.InsteadOfAnswer is { } instead)
        {
            context.Response.Clear();
            await GiveAsync(context, instead).ConfigureAwait(false);
            return;
        }

        answer.Position = 0;
        await answer.CopyToAsync(client, context.RequestAborted).ConfigureAwait(false);
    }

    private Task GiveAsync(HttpContext context, FaultPlan plan)
    {
        if (plan.HttpError is not { } error)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        if (error.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return writeError(context, error);
    }
}
