using CsCheck;
using EventDriven.EmbeddedKafka.Protocol;
using EventDriven.EmbeddedKafka.Storage;
using EventDriven.EmbeddedKafka.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventDriven.EmbeddedKafka.Tests;

public sealed class PartitionLogTests
{
    private static readonly Gen<(int Count, int Seconds, int Length)[]> SomeBatches =
        Gen.Select(Gen.Int[1, 5], Gen.Int[0, 10_000], Gen.Int[1, 3000]).Array[1, 60];

    /// <summary>Times go back and forth, segments are rolled, and the log is opened again: lookups find what a plain search through all batches finds.</summary>
    [Fact]
    public void Lookups_by_offset_and_time_find_what_a_search_through_everything_would() => SomeBatches.Sample(
        batches =>
        {
            using var folder = new TemporaryFolder();
            var config = TopicConfig.Create([KeyValuePair.Create("segment.bytes", (string?)"60000")], out _)!;
            var start = DateTimeOffset.UtcNow.AddHours(-5).ToUnixTimeMilliseconds();
            var records = new List<(long Offset, long BatchOffset, long Time)>();
            using (var log = PartitionLog.Open(folder.Path, NullLogger.Instance))
            {
                foreach (var (count, seconds, length) in batches)
                {
                    var time = start + (seconds * 1000L);
                    var result = log.Append(Batches.Make(count, timestamp: time, value: new string('x', length)), config);
                    Assert.Equal((ErrorCode.None, (long)records.Count), (result.Error, result.BaseOffset));
                    records.AddRange(Enumerable.Range(0, count).Select(i => (result.BaseOffset + i, result.BaseOffset, time)));
                }

                Compare(log);
            }

            using (var reopened = PartitionLog.Open(folder.Path, NullLogger.Instance))
                Compare(reopened);

            void Compare(PartitionLog log)
            {
                Assert.Equal(records.Count, log.EndOffset);
                foreach (var record in records)
                {
                    using var slice = log.Read(record.Offset, 1, out var error);
                    Assert.Equal(ErrorCode.None, error);
                    var header = new byte[RecordBatch.HeaderLength];
                    slice!.Read(0, header);
                    Assert.Equal(record.BatchOffset, RecordBatch.Read(header).BaseOffset);
                }

                for (var seconds = 0; seconds <= 10_000; seconds += 500)
                {
                    var time = start + (seconds * 1000L);
                    var expected = records.Where(r => r.Time >= time).Select(r => ((long, long)?)(r.Offset, r.Time)).FirstOrDefault();
                    Assert.Equal(expected, log.FindByTimestamp(time));
                }
            }
        },
        iter: 30,
        threads: 1);

    [Fact]
    public void The_checksum_is_CRC_32C() => Assert.Equal(0xE3069283, RecordBatch.Crc32C("123456789"u8)); // the check value of its definition
}
