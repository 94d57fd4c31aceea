import EventModel
import FeedPages
import FeedReading
import SystemPackage

/// Loads lines from a file or a pipe, batch after batch, in order.
///
/// The next batch is read while the one before is on its way; there are never more than two in
/// memory, and never two on their way, so the order of the input is the order of the numbers.
struct Loading: Sendable {
    let writer: FeedWriter
    /// Lines in a batch at the most.
    let batchSize: Int
    /// Whether events that are recorded already are left out, instead of refusing their batch.
    let skipsKnown: Bool
    /// Bytes of the input, where it is a file.
    let size: Int64?

    /// What was loaded.
    struct Summary: Equatable {
        /// Events recorded now.
        var new = 0
        /// Events that were recorded before.
        var known = 0
    }

    /// Loads everything.
    ///
    /// - Parameter file: The input.
    /// - Returns: How many events were recorded now, and how many were before.
    /// - Throws: ``CommandError``; what the writer throws, named by lines; `CancellationError`. All
    ///   batches before the one at fault are recorded.
    func load(_ file: FileDescriptor) async throws -> Summary {
        var summary = Summary()
        var bar = ProgressBar(unit: "events")
        defer { bar.clear() }
        let batches = LineSource(file, limit: batchSize)
        var next = try await batches.next()
        while let batch = next {
            async let sent = send(batch)
            // Read before the answer is there; what is wrong with it counts only after the answer.
            async let following = batches.next()
            let (new, known) = try await sent
            summary.new += new
            summary.known += known
            bar.show(done: batch.end, of: size, count: Int64(summary.new + summary.known))
            next = try await following
        }
        return summary
    }

    private func send(_ batch: LineBatch) async throws -> (new: Int, known: Int) {
        let count = batch.submitted.events.count
        do {
            let result = try await append(batch.submitted)
            return result.wasAlreadyRecorded ? (0, count) : (count, 0)
        } catch let error as PartlyRecorded where skipsKnown {
            let rest = batch.submitted.events.filter { error.known[$0.id] == nil }
            let streams = Set(rest.map(\.stream))
            _ = try await named(batch) {
                try await append(
                    SubmittedEvents(
                        events: rest,
                        expectations: batch.submitted.expectations.filter {
                            streams.contains($0.key)
                        }
                    )
                )
            }
            return (rest.count, count - rest.count)
        } catch {
            throw Self.error(error, in: batch)
        }
    }

    private func append(_ events: SubmittedEvents) async throws -> AppendResult {
        try await writer.append(AppendBatch(events.events, expecting: events.expectations))
    }

    private func named<Result>(_ batch: LineBatch, _ body: () async throws -> Result) async throws
        -> Result
    {
        do {
            return try await body()
        } catch {
            throw Self.error(error, in: batch)
        }
    }

    /// An error with the place of what it is about.
    private static func error(_ error: any Error, in batch: LineBatch) -> any Error {
        if error is CancellationError { return error }
        let last = batch.firstLine + (batch.submitted.lines.last ?? 1) - 1
        var message = "lines \(batch.firstLine) to \(last): \(error)"
        if batch.firstLine > 1 { message += "; all lines before are recorded" }
        if error is PartlyRecorded { message += " (see --skip-known)" }
        return CommandError(ExitStatus(for: error), message)
    }
}
