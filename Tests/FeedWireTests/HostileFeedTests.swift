import EventModel
import EventTesting
import Foundation
import Subscriptions
import Testing

/// One row of the table: a fault, and where it strikes.
struct FaultRow: Sendable, CustomTestStringConvertible {
    let fault: Fault
    let place: Fault.Place

    var testDescription: String { "\(fault.name) (\(place.rawValue))" }
    /// What has to be reported.
    var code: SourceError.Code? { fault.reported(at: place) }

    /// Every fault of the catalogue, everywhere.
    static let all = Fault.catalogue.flatMap { fault in
        Fault.Place.allCases.filter(fault.places.contains).map { FaultRow(fault: fault, place: $0) }
    }

    /// Short where time is what is wrong; so long elsewhere that a busy machine changes nothing.
    var deadline: Duration { code == .timedOut ? .milliseconds(400) : .seconds(30) }
}

@Suite(.timeLimit(.minutes(5)))
struct `A subscription to a feed with a fault` {
    @Test(arguments: FaultRow.all)
    func `reports it once, and ends with every event once, in order`(row: FaultRow) async throws {
        let store = try await HostileHistory.store()
        let faults = [FaultInjection(row.fault, at: [row.place], when: .first(1))]
        try await withTemporaryDirectory { folder in
            try await FaultyFeed.with(store, faults: faults) { feed in
                let copy = HostileCopy(path: "\(folder)/copy.db", store: store)
                var (ending, _, errors) = try await Self.follow(feed, copy, row, most: 20)
                if case .stopped(let error) = ending, error.kind == .fatal {
                    let applied = try await copy.check()
                    #expect(applied == (row.place == .after ? 40 : 0))
                    let more: [SourceError]
                    (ending, _, more) = try await Self.follow(feed, copy, row, most: 20)
                    errors += [error] + more
                }
                guard case .complete = ending else {
                    Issue.record("it ended as \(ending)")
                    return
                }
                let codes = errors.map(\.code)

                #expect(feed.strikeCount == 1)
                if row.code == .timedOut {
                    // Whoever is that impatient may also be with an answer that was right.
                    #expect(!codes.isEmpty && codes.allSatisfy { $0 == .timedOut })
                } else {
                    #expect(codes == (row.code.map { [$0] } ?? []))
                }
                #expect(errors.allSatisfy { !$0.message.contains { $0.isNewline } })
                let applied = try await copy.check()
                #expect(applied == HostileHistory.count)
            }
        }
    }

    @Test(arguments: FaultRow.all.filter { $0.place == .after && $0.fault.places.contains(.head) })
    func `in the tail of a static copy reports it once, too`(row: FaultRow) async throws {
        let store = try await HostileHistory.store()
        // The first request finds the feed; the second is for the events behind the last page, so
        // that it means what an answer does.
        let faults = [FaultInjection(row.fault, at: [.head], when: .request(2))]
        try await withTemporaryDirectory { folder in
            try await FaultyFeed.with(store, as: .staticCopy, faults: faults) { feed in
                let copy = HostileCopy(path: "\(folder)/copy.db", store: store)
                var (ending, _, errors) = try await Self.follow(feed, copy, row, most: 20)
                if case .stopped(let error) = ending, error.kind == .fatal {
                    let applied = try await copy.check()
                    #expect(applied == 40)
                    errors.append(error)
                    (ending, _, _) = try await Self.follow(feed, copy, row, most: 20)
                }
                guard case .complete = ending else {
                    Issue.record("it ended as \(ending)")
                    return
                }

                #expect(feed.strikeCount == 1)
                #expect(errors.first?.code == row.code)
                #expect(errors.count <= 1 || row.code == .timedOut)
                let applied = try await copy.check()
                #expect(applied == HostileHistory.count)
            }
        }
    }

    /// How it ended.
    private enum Ending {
        case complete
        case stopped(SourceError)
        case gaveUp(GaveUp)
        /// It would have gone on trying.
        case trying
    }

    private static let giveUpAfter = 4

    @Test(arguments: FaultRow.all)
    func `that stays tries again ever more slowly, or stops`(row: FaultRow) async throws {
        let store = try await HostileHistory.store()
        let faults = [FaultInjection(row.fault, at: [row.place], when: .always)]
        try await withTemporaryDirectory { folder in
            try await FaultyFeed.with(store, faults: faults) { feed in
                let copy = HostileCopy(path: "\(folder)/copy.db", store: store)
                let (ending, pauses, errors) = try await Self.follow(
                    feed,
                    copy,
                    row,
                    most: row.code == .timedOut ? 2 : 5
                )
                let strikes = feed.strikeCount
                var isWorkedAround = row.code == nil

                switch (row.code?.kind, ending) {
                case (nil, .complete):
                    #expect(errors.isEmpty && strikes >= 1)
                case (.fatal, .stopped(let error)):
                    #expect(error.code == row.code)
                    #expect(pauses == [] && strikes == 1)
                case (.malformed, .gaveUp(let error)):
                    #expect(error.last.code == row.code)
                    #expect(error.answers == Self.giveUpAfter && strikes == Self.giveUpAfter)
                    #expect(
                        errors.map(\.code) + [error.last.code]
                            == Array(repeating: row.code, count: Self.giveUpAfter)
                    )
                case (.malformed, .complete), (.lagging, .complete):
                    // A page that is gone can be asked for as what comes after a number.
                    #expect(row.place == .page && !errors.isEmpty)
                    #expect(errors.allSatisfy { $0.code == row.code })
                    #expect(strikes == errors.count)
                    isWorkedAround = true
                case (.transient, .trying), (.lagging, .trying):
                    #expect(errors.allSatisfy { $0.code == row.code })
                    // The last pause may be over, and another request on its way.
                    #expect(strikes <= errors.count + 1)
                    // A short deadline may be over before the request has arrived.
                    #expect(strikes >= (row.code == .timedOut ? 1 : errors.count))
                default:
                    Issue.record("\(String(describing: row.code)) ended as \(ending)")
                }
                if !isWorkedAround { Self.checkGrowth(of: pauses, errors) }
                // Eight documents and values, each behind five redirects.
                #expect(feed.requests.count <= 48 * (errors.count + 1))
                let applied = try await copy.check()
                let reached = row.place == .after ? 40 : 0
                // What stands before an event that is too large is applied.
                #expect(
                    isWorkedAround
                        ? applied == HostileHistory.count : (reached...reached + 3) ~= applied
                )

                feed.inject([])
                try await copy.catchUp(feed)
                let everything = try await copy.check()
                #expect(everything == HostileHistory.count)
            }
        }
    }

    /// Follows a feed by a clock that passes every pause at once, up to so many of them.
    private static func follow(
        _ feed: FaultyFeed,
        _ copy: HostileCopy,
        _ row: FaultRow,
        most: Int
    ) async throws -> (Ending, pauses: [Duration], errors: [SourceError]) {
        let clock = SteppedClock()
        let diary = FailureDiary()
        let patience = HostileCopy.Patience(
            deadline: row.deadline,
            backOff: BackOff(minimum: .seconds(1), maximum: .seconds(4)),
            giveUpAfter: giveUpAfter,
            clock: clock
        )
        let ending = try await withThrowingTaskGroup(of: Ending.self) { group in
            group.addTask {
                do {
                    try await copy.catchUp(feed, patience, observer: diary)
                    return .complete
                } catch let error as SourceError {
                    return .stopped(error)
                } catch let error as GaveUp {
                    return .gaveUp(error)
                } catch is CancellationError {
                    return .trying
                }
            }
            group.addTask {
                do {
                    for _ in 0..<most { try await clock.passNextSleep() }
                } catch is CancellationError {}
                return .trying
            }
            let first = try await group.next() ?? .trying
            group.cancelAll()
            try await group.waitForAll()
            return first
        }
        return (ending, diary.pauses, diary.errors)
    }

    /// Checks that pauses double up to the ceiling, and are no shorter than the feed asked for.
    private static func checkGrowth(of pauses: [Duration], _ errors: [SourceError]) {
        for (index, pause) in pauses.enumerated() {
            let base = min(1 << index, 4)
            #expect(pause >= .milliseconds(900) * base)
            let asked = errors.count > index ? errors[index].retryAfter ?? .zero : .zero
            let most = max(Duration.seconds(base), min(asked, BackOff.retryAfterMaximum))
            #expect(pause >= min(asked, BackOff.retryAfterMaximum))
            #expect(pause <= most * 1.11)
        }
    }
}
