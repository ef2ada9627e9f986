using System.Runtime.InteropServices;
using EventDriven.EmbeddedKafka.Protocol;
using EventDriven.EmbeddedKafka.Protocol.Apis;
using EventDriven.EmbeddedKafka.Storage;

namespace EventDriven.EmbeddedKafka.Server;

/// <summary>Answers what concerns records: writing, reading, finding, deleting them.</summary>
internal sealed class RecordsHandler(TopicStore topics)
{
    private static readonly TimeSpan LongestFetchWait = TimeSpan.FromMinutes(5);

    /// <summary>Appends. With acks=0 there is no response, unless to close the connection over an error, which is the only sign such a producer gets.</summary>
    /// <exception cref="ProtocolException">An error with acks=0.</exception>
    public Produce.Response? Produce(Produce.Request request)
    {
        var response = new Produce.Response([.. request.Topics.Select(t =>
            new Produce.TopicResult(t.Name, [.. t.Partitions.Select(p => Append(request, t.Name, p))]))]);
        if (request.Acks != 0)
            return response;

        return response.Topics.SelectMany(t => t.Partitions).FirstOrDefault(p => p.Error != ErrorCode.None) is { } failed
            ? throw new ProtocolException($"A batch sent with acks=0 got {failed.Error}.")
            : null;
    }

    /// <summary>Reads, and waits for more when there is less than the client wants.</summary>
    public async ValueTask<Fetch.Response> FetchAsync(Fetch.Request request, CancellationToken ct)
    {
        if (request.SessionId != 0)
            return new(ErrorCode.FetchSessionIdNotFound, request.ReadCommitted, []);

        var wait = TimeSpan.FromMilliseconds(Math.Clamp(request.MaxWaitMs, 0, (int)LongestFetchWait.TotalMilliseconds));
        var until = Environment.TickCount64 + (long)wait.TotalMilliseconds;
        while (true)
        {
            // The waiter is there before the log is read: an append in between wakes it.
            var waiter = new FetchWaiter();
            var partitions = request.Topics.SelectMany(t => t.Partitions, (t, p) => topics.FindPartition(t.Name, p.Index)).OfType<PartitionLog>().ToList();
            var left = until - Environment.TickCount64;
            if (left > 0)
                partitions.ForEach(p => p.AddWaiter(waiter));

            try
            {
                var response = ReadAll(request, out var bytes, out var failed);
                if (left <= 0 || failed || bytes >= request.MinBytes)
                    return response;

                Discard(response);
                await waiter.Task.WaitAsync(TimeSpan.FromMilliseconds(left), ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                ct.ThrowIfCancellationRequested();
            }
            finally
            {
                if (left > 0)
                    partitions.ForEach(p => p.RemoveWaiter(waiter));
            }
        }
    }

    public ListOffsets.Response ListOffsets(ListOffsets.Request request) => new([.. request.Topics.Select(t =>
        new ListOffsets.TopicResult(t.Name, [.. t.Partitions.Select(p => FindOffset(t.Name, p))]))]);

    /// <summary>The one epoch there is ends where the log ends.</summary>
    public OffsetForLeaderEpoch.Response OffsetForLeaderEpoch(OffsetForLeaderEpoch.Request request) => new([.. request.Topics.Select(t =>
        new OffsetForLeaderEpoch.TopicResult(t.Name, [.. t.Partitions.Select(p =>
        {
            var log = topics.FindPartition(t.Name, p.Index);
            var error = log is null ? ErrorCode.UnknownTopicOrPartition : CheckEpoch(p.CurrentLeaderEpoch);
            return error == ErrorCode.None && p.LeaderEpoch == PartitionLog.LeaderEpoch
                ? new OffsetForLeaderEpoch.PartitionResult(p.Index, error, PartitionLog.LeaderEpoch, log!.EndOffset)
                : new OffsetForLeaderEpoch.PartitionResult(p.Index, error, -1, -1);
        })]))]);

    public DeleteRecords.Response DeleteRecords(DeleteRecords.Request request) => new([.. request.Topics.Select(t =>
        new DeleteRecords.TopicResult(t.Name, [.. t.Partitions.Select(p => DeleteBefore(t.Name, p))]))]);

    private static ErrorCode CheckEpoch(int clientsEpoch) => clientsEpoch > PartitionLog.LeaderEpoch ? ErrorCode.UnknownLeaderEpoch : ErrorCode.None;

    private static void Discard(Fetch.Response response)
    {
        foreach (var partition in response.Topics.SelectMany(t => t.Partitions))
            partition.Records?.Dispose();
    }

    private Produce.PartitionResult Append(Produce.Request request, string topicName, Produce.Partition partition)
    {
        var topic = topics.Find(topicName);
        var log = topic?.Partition(partition.Index);
        var result =
            request.TransactionalId is not null ? AppendResult.Failed(ErrorCode.TransactionalIdAuthorizationFailed, Refusal.NoTransactions)
            : request.Acks is < -1 or > 1 ? AppendResult.Failed(ErrorCode.InvalidRequiredAcks, "acks must be 0, 1 or -1.")
            : topic is null || log is null ? AppendResult.Failed(ErrorCode.UnknownTopicOrPartition, "There is no such partition.")
            : log.Append(MemoryMarshal.AsMemory(partition.Records), topic.Config); // the request's own buffer: nobody else reads it
        return new(partition.Index, result.Error, result.BaseOffset, log?.StartOffset ?? -1, result.Message);
    }

    private Fetch.Response ReadAll(Fetch.Request request, out long bytes, out bool failed)
    {
        bytes = 0;
        failed = false;
        var results = new List<Fetch.TopicResult>(request.Topics.Length);
        foreach (var topic in request.Topics)
        {
            var partitions = new List<Fetch.PartitionResult>(topic.Partitions.Length);
            foreach (var partition in topic.Partitions)
            {
                // Once something has been found, the rest may only fill what the client has room for.
                var room = (int)Math.Min(partition.MaxBytes, request.MaxBytes - bytes);
                var result = Read(topic.Name, partition, room, mayExceed: bytes == 0);
                bytes += result.Records?.Length ?? 0;
                failed |= result.Error != ErrorCode.None;
                partitions.Add(result);
            }

            results.Add(new(topic.Name, partitions));
        }

        return new(ErrorCode.None, request.ReadCommitted, results);
    }

    private Fetch.PartitionResult Read(string topic, Fetch.Partition partition, int room, bool mayExceed)
    {
        if (topics.FindPartition(topic, partition.Index) is not { } log)
            return new(partition.Index, ErrorCode.UnknownTopicOrPartition, -1, -1, null);

        var error = CheckEpoch(partition.CurrentLeaderEpoch);
        LogSlice? slice = null;
        if (error == ErrorCode.None)
            slice = log.Read(partition.Offset, Math.Max(room, 0), out error);

        if (slice is not null && slice.Length > room && !mayExceed)
        {
            slice.Dispose();
            slice = null;
        }

        return new(partition.Index, error, log.EndOffset, log.StartOffset, slice);
    }

    private ListOffsets.PartitionResult FindOffset(string topic, ListOffsets.Partition partition)
    {
        var log = topics.FindPartition(topic, partition.Index);
        var error = log is null ? ErrorCode.UnknownTopicOrPartition : CheckEpoch(partition.CurrentLeaderEpoch);
        if (error != ErrorCode.None)
            return new(partition.Index, error, -1, -1, -1);

        var found = partition.Timestamp switch
        {
            Protocol.Apis.ListOffsets.Latest => (log!.EndOffset, -1),
            Protocol.Apis.ListOffsets.Earliest => (log!.StartOffset, -1),
            < 0 => null, // kinds of later versions
            _ => log!.FindByTimestamp(partition.Timestamp),
        };
        return found is { } f
            ? new(partition.Index, ErrorCode.None, f.Timestamp, f.Offset, PartitionLog.LeaderEpoch)
            : new(partition.Index, ErrorCode.None, -1, -1, -1);
    }

    private DeleteRecords.PartitionResult DeleteBefore(string topic, DeleteRecords.Partition partition)
    {
        if (topics.FindPartition(topic, partition.Index) is not { } log)
            return new(partition.Index, -1, ErrorCode.UnknownTopicOrPartition);

        try
        {
            var offset = partition.Offset == -1 ? log.EndOffset : partition.Offset;
            return offset >= 0 && log.DeleteBefore(offset)
                ? new(partition.Index, log.StartOffset, ErrorCode.None)
                : new(partition.Index, -1, ErrorCode.OffsetOutOfRange);
        }
        catch (IOException)
        {
            return new(partition.Index, -1, ErrorCode.KafkaStorageError);
        }
    }
}
