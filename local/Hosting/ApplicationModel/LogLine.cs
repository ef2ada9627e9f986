namespace Aspire.Hosting.ApplicationModel;

/// <param name="LineNumber">From 1, over the whole life of the resource.</param>
/// <param name="Content">An RFC 3339 instant, a space and the text.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);
