import EventModel
import EventTesting
import Foundation
import Subscriptions
import Testing

/// Faults that leave a copy able to go on, whenever they strike.
private let passing = Fault.catalogue.filter { fault in
    // Another history that is met before anything shows it is taken for the right one.
    !Fault.Place.allCases.contains {
        [.anotherEpoch, .chainMismatch].contains(fault.reported(at: $0))
    }
}

@Suite(.timeLimit(.minutes(5)))
struct `A subscription to a feed with many faults` {
    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func `ends with every event once, in order`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let store = try await HostileHistory.store(305)
        let kind = seed % 4 == 0 ? FaultyFeed.Kind.staticCopy : .server
        let faults = FaultInjection(
            passing,
            when: .random(seed: seed, oneIn: 2, strikes: 40)
        )
        try await withTemporaryDirectory { folder in
            try await FaultyFeed.with(store, as: kind, faults: [faults]) { feed in
                let copy = HostileCopy(path: "\(folder)/copy.db", store: store)
                var applied = 0
                var runs = 0
                while applied < 305 {
                    runs += 1
                    try #require(runs <= 100)
                    var patience = HostileCopy.Patience(deadline: .milliseconds(700))
                    patience.requestsAtOnce = Int.random(in: 1...4, using: &random)
                    patience.batchSize = Int.random(in: 1...60, using: &random)
                    do {
                        try await Self.catchUp(copy, feed, patience)
                    } catch let error as SourceError {
                        #expect(error.kind == .fatal)
                    }
                    let reached = try await copy.check()
                    #expect(reached >= applied)
                    applied = reached
                }
                #expect(feed.strikeCount >= 15)
            }
        }
    }

    /// Catches up by a clock that passes every pause at once.
    private static func catchUp(
        _ copy: HostileCopy,
        _ feed: FaultyFeed,
        _ patience: HostileCopy.Patience
    ) async throws {
        let clock = SteppedClock()
        var patience = patience
        patience.clock = clock
        try await withThrowingTaskGroup(of: Bool.self) { [patience] group in
            group.addTask {
                try await copy.catchUp(feed, patience)
                return true
            }
            group.addTask {
                do {
                    while true { try await clock.passNextSleep() }
                } catch is CancellationError {
                    return false
                }
            }
            defer { group.cancelAll() }
            while let isOver = try await group.next(), !isOver {}
        }
    }
}

@Suite(.timeLimit(.minutes(5)))
struct `A subscriber that is killed with -9` {
    /// Where the process dies.
    enum Place: Int, CaseIterable {
        case request, transaction, commit, failure
    }

    @Test(arguments: 1...6)
    func `has the right checkpoint, wherever it was`(seed: Int) async throws {
        let store = try await HostileHistory.store(120)
        try await withTemporaryDirectory { folder in
            let copy = HostileCopy(path: "\(folder)/copy.db", store: store)
            var random = SeededGenerator(seed: UInt64(seed))
            var applied = 0
            for place in Place.allCases.shuffled(using: &random) {
                let count = Int.random(in: 1...3, using: &random)
                await #expect(processExitsWith: .signal(SIGKILL)) {
                    [
                        path = copy.path as String, place = place.rawValue as Int,
                        count = count as Int, applied = applied as Int, seed = seed as Int
                    ] in
                    try await Self.die(
                        HostileCopy(path: path, store: try await HostileHistory.store(120)),
                        at: try #require(Place(rawValue: place)),
                        count,
                        after: applied,
                        seed: UInt64(seed)
                    )
                }
                let reached = try await copy.check()
                #expect(reached >= applied && reached < 120)
                applied = reached
            }
            try await FaultyFeed.with(store) { try await copy.catchUp($0) }
            let everything = try await copy.check()
            #expect(everything == 120)
        }
    }

    /// Follows a feed with faults of its own until the process dies.
    private static func die(
        _ copy: HostileCopy,
        at place: Place,
        _ count: Int,
        after applied: Int,
        seed: UInt64
    ) async throws {
        let death = Fault("the end", reporting: nil) { _ in
            kill(getpid(), SIGKILL)
            return []
        }
        var faults = [FaultInjection(passing, when: .random(seed: seed, oneIn: 4, strikes: 3))]
        switch place {
        case .request: faults = [FaultInjection(death, when: .request(count))] + faults
        case .failure:
            faults = [FaultInjection(.truncatedBody, at: [.page], when: .always)]
        case .transaction, .commit: break
        }
        let victim = applied + 7 * count
        var patience = HostileCopy.Patience(deadline: .seconds(2))
        patience.batchSize = 9
        patience.giveUpAfter = 1_000
        try await FaultyFeed.with(copy.store, faults: faults) { feed in
            while true {
                do {
                    try await copy.catchUp(
                        feed,
                        patience,
                        failing: { event in
                            guard place == .transaction, event.number.rawValue == victim else {
                                return
                            }
                            kill(getpid(), SIGKILL)
                        },
                        observer: Witness { progress in
                            switch (place, progress) {
                            case (.commit, .round), (.failure, .failed): kill(getpid(), SIGKILL)
                            default: break
                            }
                        }
                    )
                } catch let error as SourceError where error.kind == .fatal {
                    // As if it had been started again.
                    continue
                }
                return
            }
        }
    }
}

/// An observer that does something at every step.
private struct Witness: SubscriptionObserver {
    let body: @Sendable (SubscriptionProgress) -> Void

    func observe(_ progress: SubscriptionProgress) async throws { body(progress) }
}

@Suite(.timeLimit(.minutes(2)))
struct `An answer without end` {
    private static let names = [
        "a body without end", "a length of terabytes", "a body that inflates to gigabytes",
        "a field without end", "fields without end", "an error without end",
        "an error that inflates to gigabytes",
    ]

    @Test(arguments: names, Fault.Place.allCases)
    func `is left alone at its limit`(name: String, place: Fault.Place) async throws {
        let store = try await HostileHistory.store()
        let fault = try #require(Fault.named(name))
        let faults = [FaultInjection(fault, at: [place], when: .first(1))]
        try await withTemporaryDirectory { folder in
            try await FaultyFeed.with(store, faults: faults) { feed in
                let copy = HostileCopy(path: "\(folder)/copy.db", store: store)
                try await copy.catchUp(feed)

                #expect(feed.strikeCount == 1)
                let everything = try await copy.check()
                #expect(everything == HostileHistory.count)
                // The largest limit is 9 MB; the rest is what the system keeps under way, tens of
                // megabytes. The whole answer would be more than a gigabyte, or inflate to two.
                #expect(feed.sentByteCount < 128 << 20)
            }
        }
    }

    @Test func `that had another page size is asked for again`() async throws {
        let store = try await HostileHistory.store()
        let fault = Fault("a page size of 20", reporting: .hole, at: [.head]) { occurrence in
            var answer = occurrence.answer
            answer.text = answer.text.replacing("page-size=\"10\"", with: "page-size=\"20\"")
            return [answer.step]
        }
        let faults = [FaultInjection(fault, when: .first(1))]
        try await withTemporaryDirectory { folder in
            try await FaultyFeed.with(store, faults: faults) { feed in
                let copy = HostileCopy(path: "\(folder)/copy.db", store: store)
                let diary = FailureDiary()
                try await copy.catchUp(feed, observer: diary)

                // There is no such page, and an answer that has another page size settles it.
                #expect(diary.errors.map(\.code) == [.hole, .malformedDocument])
                let everything = try await copy.check()
                #expect(everything == HostileHistory.count)
            }
        }
    }
}
