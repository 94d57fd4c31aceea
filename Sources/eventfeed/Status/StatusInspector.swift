import EventModel
import FeedPages
import FeedReading
import FoundationEssentials
import Logging
import SQLiteStorage
import Subscriptions

/// Finds out how a feed, a store or a read model stands.
struct StatusInspector {
    /// How long a feed is waited for.
    var patience = Duration.seconds(5)
    /// The present.
    var now: @Sendable () -> Timestamp = { .now() }

    /// Looks at whatever a person named.
    ///
    /// - Parameter name: An address, a folder, the file of a read model or of a store.
    /// - Returns: The facts.
    /// - Throws: What cannot be opened at all; a feed that a read model follows may be unreachable.
    func report(on name: String) async throws -> StatusReport {
        guard StoreFileCheck.isDatabase(name) else {
            return try await feed(name)
        }
        do {
            return try await readModel(name, try ReadModelStatus.read(path: name))
        } catch let error as CheckpointStoreError {
            do {
                return try await store(name)
            } catch let other as EventStoreError where other.code == .unsupportedSchema {
                // Neither: what it lacks as a read model says more.
                throw error
            }
        }
    }

    private func feed(_ name: String) async throws -> StatusReport {
        let description = try await describe(name)
        var report = StatusReport()
        report.add("kind", "kind", .text("feed"))
        report.add("address", "address", .text(name))
        report.add("title", "title", .text(description.title))
        report.add("epoch", "epoch", .text(description.epoch.description))
        report.add("head", "head", .number(description.head.rawValue))
        if case .web(let url) = try FeedLocation(name) {
            // A static copy has no /readyz.
            let ready = await Readyz.ask(url, within: patience)
            report.add("ready", "ready", ready.map { .flag($0) } ?? .unknown)
        }
        return report
    }

    private func store(_ path: String) async throws -> StatusReport {
        let store = try SQLiteEventStore.openReadOnly(path: path, logger: .command("status"))
        let head = try await store.head()
        let lead = try await store.recordedAtLead()
        let identity = store.identity
        try await store.close()
        var report = StatusReport()
        report.add("kind", "kind", .text("store"))
        report.add("file", "file", .text(path))
        report.add("title", "title", .text(identity.title))
        report.add("epoch", "epoch", .text(identity.epoch.description))
        report.add("head", "head", .number(head.number.rawValue))
        report.add("pageSize", "page size", .number(Int64(identity.pageSize)))
        let size = Self.bytes(of: path)
        report.add("bytes", "size", .number(size), shown: Quantity.bytes(size))
        report.add(
            "recordedAt",
            "newest event",
            head.recordedAt.map { .text($0.description) } ?? .unknown,
            shown: head.recordedAt?.description ?? "none"
        )
        report.add(
            "recordedAheadSeconds",
            "ahead of clock",
            .seconds(max(0, lead.inSeconds)),
            shown: lead > .zero ? Quantity.time(lead) : "no"
        )
        return report
    }

    /// Bytes of the file and of its write-ahead log, which holds what was written last.
    private static func bytes(of path: String) -> Int64 {
        [path, path + "-wal"].reduce(0) { sum, path in
            // There need be no log, and then it has no bytes.
            let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64
            return sum + (size.flatMap { $0 } ?? 0)
        }
    }

    private func readModel(_ path: String, _ status: ReadModelStatus) async throws -> StatusReport {
        let number = status.checkpoint?.number ?? .beginning
        var report = StatusReport()
        report.add("kind", "kind", .text("read model"))
        report.add("file", "file", .text(path))
        report.add("source", "follows", .text(status.terms.source))
        report.add(
            "epoch",
            "epoch",
            status.checkpoint.map { .text($0.epoch.description) } ?? .unknown
        )
        report.add("checkpoint", "checkpoint", .number(number.rawValue))
        report.add(
            "updatedAt",
            "last change",
            status.updatedAt.map { .text($0.description) } ?? .unknown,
            shown: status.updatedAt?.description ?? "never"
        )
        report.add(
            "process",
            "subscriber",
            status.owner.map { .number(Int64($0)) } ?? .unknown,
            shown: status.owner.map { "runs as process \($0)" } ?? "does not run"
        )
        await addLag(of: status, to: &report)
        return report
    }

    /// Asks the feed how far ahead it is; that it cannot be asked is a fact too.
    private func addLag(of status: ReadModelStatus, to report: inout StatusReport) async {
        let number = status.checkpoint?.number ?? .beginning
        do {
            let (description, oldest) = try await lookAhead(status.terms, after: number)
            if let epoch = status.checkpoint?.epoch, epoch != description.epoch {
                throw CommandError(
                    .protocolError,
                    "it has another epoch now, \(description.epoch)"
                )
            }
            report.add("head", "head", .number(description.head.rawValue))
            let lag = max(0, description.head.rawValue - number.rawValue)
            report.add("lag", "lag", .number(lag), shown: "\(Quantity.grouped(lag)) events")
            let age = oldest.map { max(0, now().duration(since: $0).inSeconds) } ?? 0
            report.add(
                "lagSeconds",
                "lag in time",
                .seconds(age),
                shown: lag == 0 ? "none" : Quantity.time(.seconds(age))
            )
            report.add("feedError", "feed", .unknown, shown: "answers")
        } catch {
            report.add("head", "head", .unknown)
            report.add("lag", "lag", .unknown)
            report.add("lagSeconds", "lag in time", .unknown)
            report.add("feedError", "feed", .text("\(error)"), shown: "cannot be asked: \(error)")
        }
    }

    /// The feed's state, and when the oldest event that is not applied was recorded.
    private func lookAhead(_ terms: SubscriptionTerms, after number: EventNumber) async throws
        -> (FeedDescription, Timestamp?)
    {
        let settings = FeedClient.Settings(deadline: patience)
        return try await FeedAccess.withSource(terms.source, settings: settings) { source in
            let description = try await source.describe()
            guard description.head > number else { return (description, nil) }
            let batch = try await source.events(
                after: number,
                limit: 1,
                matching: terms.filter,
                waitingUpTo: nil
            )
            return (description, batch.events.first?.recordedAt)
        }
    }

    private func describe(_ name: String) async throws -> FeedDescription {
        let settings = FeedClient.Settings(deadline: patience)
        return try await FeedAccess.withSource(name, settings: settings) { source in
            try await source.describe()
        }
    }
}

/// Asks a server's `/readyz`.
enum Readyz {
    /// - Parameters:
    ///   - url: The server, or its feed.
    ///   - patience: How long to wait.
    /// - Returns: Whether it is ready; nil where nobody answers that question.
    static func ask(_ url: URL, within patience: Duration) async -> Bool? {
        guard let root = try? ServerRoot.of(.web(url)) else { return nil }
        let address = root.appending(path: FeedAddress.readiness.relativePath)
        // Lost: why there was no answer. The feed itself has answered before.
        return try? await AsyncHTTPTransport.withTransport(
            logger: .command("status", level: .critical)
        ) { transport -> Bool? in
            let conversation = WebConversation(with: url, over: transport)
            let answer = try await conversation.ask(
                WebConversation.Question(address, bodyLimit: 64 << 10, deadline: patience)
            )
            switch answer.status {
            case 200: return true
            case 503: return false
            default: return nil
            }
        }
    }
}
