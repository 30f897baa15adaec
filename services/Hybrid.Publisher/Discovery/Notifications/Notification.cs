using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Publisher.Discovery.Notifications;

/// <summary>What the object store told of one key.</summary>
/// <param name="Key">The key, without the prefix.</param>
/// <param name="Created">The object that is there now; null when it was removed.</param>
internal readonly record struct Notification(string Key, ObjectEntry? Created);
