import EventModel
import FeedPages
import FeedReading
import FoundationEssentials
import Logging
import SQLiteStorage
import Subscriptions

/// Finds out how a feed, a store or a read model stands.
struct StatusInspector {
    /// Who asks a feed.
    let access: Access
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
        let transport = try access.transport(for: name)
        let description = try await describe(name, transport)
        var report = StatusReport()
        report.add("kind", "kind", .text("feed"))
        report.add("address", "address", .text(name))
        report.add("title", "title", .text(description.title))
        report.add("epoch", "epoch", .text(description.epoch.description))
        report.add("head", "head", .number(description.head.rawValue))
        if case .web(let url) = try FeedLocation(name) {
            // A static copy has no /readyz.
            let ready = await Readyz.ask(url, within: patience, transport)
            report.add("ready", "ready", ready.map { .flag($0.isReady) } ?? .unknown)
            if let lead = ready?.lead {
                Self.add(lead: lead, to: &report)
            } else {
                report.add("recordedAheadSeconds", "ahead of clock", .unknown)
            }
        }
        return report
    }

    private func store(_ path: String) async throws -> StatusReport {
        let (identity, head, lead) = try await FeedAccess.withStore(path) { store in
            (store.identity, try await store.head(), try await store.recordedAtLead())
        }
        var report = StatusReport()
        report.add("kind", "kind", .text("store"))
        report.add("file", "file", .text(path))
        report.add("title", "title", .text(identity.title))
        report.add("epoch", "epoch", .text(identity.epoch.description))
        report.add("head", "head", .number(head.number.rawValue))
        report.add("pageSize", "page size", .number(Int64(identity.pageSize)))
        let size = DatabaseFile.bytes(of: path)
        report.add("bytes", "size", .number(size), shown: Quantity.bytes(size))
        report.add(
            "recordedAt",
            "newest event",
            head.recordedAt.map { .text($0.description) } ?? .unknown,
            shown: head.recordedAt?.description ?? "none"
        )
        Self.add(lead: lead, to: &report)
        return report
    }

    /// Says how far the newest event was recorded ahead of the clock.
    private static func add(lead: Duration, to report: inout StatusReport) {
        report.add(
            "recordedAheadSeconds",
            "ahead of clock",
            .seconds(max(0, lead.inSeconds)),
            shown: lead > .zero ? Quantity.time(lead) : "no"
        )
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
        Self.add(status.terms.models, to: &report)
        report.add(
            "process",
            "subscriber",
            status.owner.map { .number(Int64($0)) } ?? .unknown,
            shown: status.owner.map { "runs as process \($0)" } ?? "does not run"
        )
        Self.add(status.condition, to: &report)
        Self.addParked(of: status, to: &report)
        await addLag(of: status, to: &report)
        return report
    }

    private static func add(_ models: [ReadModelDefinition], to report: inout StatusReport) {
        let names = models.map { "\($0.name) (revision \($0.revision))" }
        report.add(
            "models",
            "models",
            .text(names.joined(separator: ", ")),
            shown: names.isEmpty ? "none, a command's checkpoint" : names.joined(separator: ", ")
        )
    }

    /// Says what the subscriber last told about itself, whether it runs or not.
    private static func add(_ condition: SubscriptionCondition?, to report: inout StatusReport) {
        func text(_ instant: Timestamp?) -> StatusReport.Value {
            instant.map { .text($0.description) } ?? .unknown
        }
        report.add("startedAt", "last start", text(condition?.startedAt))
        report.add("pollInterval", "polls every", condition.map { .text($0.pace) } ?? .unknown)
        report.add("lastSuccessAt", "succeeded", text(condition?.lastSuccessAt))
        report.add("failures", "failures", condition.map { .number($0.failures) } ?? .unknown)
        report.add("lastErrorAt", nil, text(condition?.lastErrorAt))
        let error = condition?.lastError.map { error in
            "\(condition?.lastErrorAt?.description ?? ""): \(error)"
        }
        report.add(
            "lastError",
            "last error",
            condition?.lastError.map { .text($0) } ?? .unknown,
            shown: condition.map { _ in error ?? "none" }
        )
        report.add(
            "eventsPerSecond",
            "rate",
            condition.map { .seconds($0.eventsPerSecond) } ?? .unknown,
            shown: condition.map { "\(Double(Int64($0.eventsPerSecond * 10)) / 10) events/s" }
                ?? "unknown"
        )
    }

    private static func addParked(of status: ReadModelStatus, to report: inout StatusReport) {
        report.add(
            "parkedStreams",
            "parked",
            .number(status.parkedStreams),
            shown: status.parkedEvents == 0
                ? "nothing"
                : "\(Quantity.grouped(status.parkedEvents)) events of "
                    + "\(Quantity.grouped(status.parkedStreams)) streams"
        )
        report.add("parkedEvents", nil, .number(status.parkedEvents))
        // One is under way while a subscriber runs.
        report.add(
            "unfinishedTries",
            status.unfinishedTries > 1 ? "tries" : nil,
            .number(status.unfinishedTries),
            shown: "\(status.unfinishedTries) in a row never ended: what comes next may end the "
                + "process"
        )
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
            guard description.head >= number else {
                throw CommandError(
                    .protocolError,
                    "it ends at event \(description.head), before the checkpoint: it lags, or it "
                        + "lost events"
                )
            }
            report.add("head", "head", .number(description.head.rawValue))
            let lag = description.head.rawValue - number.rawValue
            report.add("lag", "lag", .number(lag), shown: "\(Quantity.grouped(lag)) events")
            switch oldest {
            case .none:
                report.add("lagSeconds", "lag in time", .seconds(0), shown: "none")
            case .recorded(let instant):
                let age = max(0, now().duration(since: instant).inSeconds)
                report.add("lagSeconds", "lag in time", .seconds(age))
            case .notFound:
                report.add("lagSeconds", "lag in time", .unknown)
            }
            report.add("feedError", "feed", .unknown, shown: "answers")
        } catch {
            report.add("head", "head", .unknown)
            report.add("lag", "lag", .unknown)
            report.add("lagSeconds", "lag in time", .unknown)
            report.add("feedError", "feed", .text("\(error)"), shown: "cannot be asked: \(error)")
        }
    }

    /// The oldest event that is not applied.
    private enum OldestEvent {
        /// All that is wanted is applied.
        case none
        case recorded(Timestamp)
        /// There was no time to look through everything that a filter leaves out.
        case notFound
    }

    /// The feed's state, and when the oldest event that is not applied was recorded.
    private func lookAhead(_ terms: SubscriptionTerms, after number: EventNumber) async throws
        -> (FeedDescription, OldestEvent)
    {
        let settings = FeedClient.Settings(deadline: patience)
        let end = ContinuousClock.now + patience
        let transport = try access.transport(for: terms.source)
        return try await FeedAccess.withSource(
            terms.source,
            settings: settings,
            transport: transport
        ) { source in
            let description = try await source.describe()
            var after = number
            while after < description.head {
                let batch = try await source.events(
                    after: after,
                    limit: 1,
                    matching: terms.filter,
                    waitingUpTo: nil
                )
                if let event = batch.events.first {
                    return (description, .recorded(event.recordedAt))
                }
                guard batch.scannedTo > after, ContinuousClock.now < end else {
                    return (description, .notFound)
                }
                after = batch.scannedTo
            }
            return (description, .none)
        }
    }

    private func describe(_ name: String, _ transport: AsyncHTTPTransport.Settings) async throws
        -> FeedDescription
    {
        let settings = FeedClient.Settings(deadline: patience)
        return try await FeedAccess.withSource(name, settings: settings, transport: transport) {
            source in
            try await source.describe()
        }
    }
}
