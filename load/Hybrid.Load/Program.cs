using Hybrid.Load;
using Hybrid.Pipeline.Hosting;

var parsed = LoadCommand.Create().Parse(args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"load: {string.Join(" ", parsed.Errors.Select(error => error.Message.ReplaceLineEndings(" ")))} See: --help");
    return ExitCodes.WrongCall;
}

try
{
    return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
}
catch (HybridException failure)
{
    Console.Error.WriteLine($"load: {failure.Message}");
    return failure.ExitCode;
}
