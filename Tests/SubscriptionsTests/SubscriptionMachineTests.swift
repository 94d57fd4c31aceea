import EventModel
import Testing

@testable import Subscriptions

extension SubscriptionMachine.Action: CustomStringConvertible {
    /// What a table of expectations says of an action: pauses are rounded to undo the jitter.
    public var description: String {
        switch self {
        case .ask(let request):
            "ask after \(request.after)" + (request.wait.map { ", wait \($0)" } ?? "")
        case .deliver(let delivery):
            "deliver \(delivery.after)-\(delivery.to.number), attempt \(delivery.attempt)"
        case .endRound(let round):
            "round: \(round.events.count) events, at \(round.checkpoint.number) of \(round.head)"
        case .pause(_, .interval): "rest"
        case .pause(_, .failure(let error, let failures)): "retry \(error.code) \(failures)"
        case .pause(_, .postponed(_, let reason)): "postpone: \(reason)"
        case .stop(let error as SourceError): "stop: \(error.code)"
        case .stop(let error as GaveUp): "give up after \(error.answers): \(error.last.code)"
        case .stop(let error): "stop: \(error)"
        }
    }

    var pause: Duration? {
        if case .pause(let duration, _) = self { duration } else { nil }
    }
}

@Suite struct `What a subscription decides` {
    private func machine(
        at checkpoint: Checkpoint? = nil,
        _ change: (inout SubscriptionOptions) -> Void = { _ in }
    ) -> SubscriptionMachine {
        var options = SubscriptionOptions.standard
        change(&options)
        return SubscriptionMachine(options, startingAt: checkpoint, seed: 1)
    }

    private func expect(
        _ action: SubscriptionMachine.Action,
        _ expected: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(action.description == expected, sourceLocation: sourceLocation)
    }

    @Test func `asks at once while it is behind, and rests when it has caught up`() async throws {
        let store = try await History.store(5)
        var machine = machine {
            $0.schedule = PollingSchedule(every: .seconds(2), wait: .seconds(30))
        }

        expect(machine.started(), "ask after 0")
        expect(
            machine.answered(try await History.batch(of: store, after: 0, limit: 3)),
            "deliver 0-3, attempt 1"
        )
        expect(machine.delivered(.applied), "round: 3 events, at 3 of 5")
        expect(machine.roundEnded(elapsed: .zero), "ask after 3")
        expect(
            machine.answered(try await History.batch(of: store, after: 3)),
            "deliver 3-5, attempt 1"
        )
        expect(machine.delivered(.applied), "round: 2 events, at 5 of 5")
        expect(machine.roundEnded(elapsed: .zero), "rest")
        expect(machine.paused(), "ask after 5, wait 30.0 seconds")
        expect(
            machine.answered(try await History.batch(of: store, after: 5)),
            "round: 0 events, at 5 of 5"
        )
        expect(machine.roundEnded(elapsed: .seconds(30)), "ask after 5, wait 30.0 seconds")
    }

    @Test func `keeps the epoch of an empty history, so that another one is noticed`() async throws
    {
        var machine = machine()

        expect(machine.started(), "ask after 0")
        let empty = try await History.batch(of: try await History.store(0), after: 0)
        expect(machine.answered(empty), "deliver 0-0, attempt 1")
        expect(machine.delivered(.applied), "round: 0 events, at 0 of 0")
        expect(machine.roundEnded(elapsed: .zero), "rest")
        expect(machine.paused(), "ask after 0")
        let other = try await History.store(3, epoch: History.otherEpoch)
        expect(machine.answered(try await History.batch(of: other, after: 0)), "stop: anotherEpoch")
    }

    @Test(arguments: [(0.0, 1.8...2.2), (0.5, 1.3...1.7), (1.7, 0.1...0.5)])
    func `measures the interval from the beginning of a round`(
        elapsed: Double,
        range: ClosedRange<Double>
    ) async throws {
        let store = try await History.store(1)
        var machine = machine()
        _ = machine.started()
        _ = machine.answered(try await History.batch(of: store, after: 0))
        _ = machine.delivered(.applied)

        let pause = try #require(machine.roundEnded(elapsed: .seconds(elapsed)).pause)

        #expect(pause >= .seconds(range.lowerBound) && pause <= .seconds(range.upperBound))
    }

    @Test func `grows an adaptive interval while nothing comes, and is quick again with an event`()
        async throws
    {
        let store = try await History.store(4)
        let quiet = try await History.batch(of: try await History.store(3), after: 3)
        var machine = machine {
            $0.schedule = PollingSchedule(every: .seconds(1)...Duration.seconds(3))
        }
        var intervals: [Duration?] = []
        var pauses: [Duration] = []
        func note(_ action: SubscriptionMachine.Action) throws {
            guard case .endRound(let round) = action else {
                Issue.record("\(action)")
                return
            }
            intervals.append(round.interval)
            pauses.append(try #require(machine.roundEnded(elapsed: .zero).pause))
            _ = machine.paused()
        }

        _ = machine.started()
        _ = machine.answered(try await History.batch(of: try await History.store(3), after: 0))
        try note(machine.delivered(.applied))
        for _ in 0..<5 { try note(machine.answered(quiet)) }
        // A failure has a pause of its own and changes nothing about the interval.
        _ = machine.failed(SourceError(.unreachable, ""))
        _ = machine.paused()
        try note(machine.answered(quiet))
        _ = machine.answered(try await History.batch(of: store, after: 3))
        try note(machine.delivered(.applied))

        let expected = [1, 1.5, 2.25, 3, 3, 3, 3, 1].map { Duration.seconds($0) }
        #expect(intervals == expected)
        for (pause, interval) in zip(pauses, expected) {
            #expect(pause >= interval * 0.9 && pause <= interval * 1.1)
        }
    }

    @Test func `varies its pauses by a tenth, the same way for the same seed`() async throws {
        let store = try await History.store(1)
        func pauses(seed: UInt64) async throws -> [Duration] {
            let options = SubscriptionOptions.standard
            var machine = SubscriptionMachine(options, startingAt: nil, seed: seed)
            _ = machine.started()
            _ = machine.answered(try await History.batch(of: store, after: 0))
            _ = machine.delivered(.applied)
            var pauses: [Duration] = []
            for _ in 0..<50 {
                pauses.append(try #require(machine.roundEnded(elapsed: .zero).pause))
                _ = machine.paused()
                _ = machine.answered(try await History.batch(of: store, after: 1))
            }
            return pauses
        }

        let first = try await pauses(seed: 7)

        #expect(first.allSatisfy { $0 >= .milliseconds(1_800) && $0 <= .milliseconds(2_200) })
        #expect(Set(first).count > 40)
        #expect(first == (try await pauses(seed: 7)))
        #expect(first != (try await pauses(seed: 8)))
    }

    @Test func `asks the same place again after a hole, and gives up after so many`() async throws {
        let holey = try await History.batch(of: try await History.store(9), after: 0).without([4])
        var machine = machine { $0.giveUpAfter = 3 }

        expect(machine.started(), "ask after 0")
        expect(machine.answered(holey), "retry hole 1")
        expect(machine.paused(), "ask after 0")
        expect(machine.failed(SourceError(.unreachable, "")), "retry unreachable 2")
        expect(machine.paused(), "ask after 0")
        expect(machine.answered(holey), "retry hole 3")
        expect(machine.paused(), "ask after 0")
        expect(machine.answered(holey), "give up after 3: hole")
    }

    @Test func `counts bad answers in a row, and forgets them after a good one`() async throws {
        let store = try await History.store(9)
        let good = try await History.batch(of: store, after: 0, limit: 5)
        let rest = try await History.batch(of: store, after: 5).without([7])
        var machine = machine { $0.giveUpAfter = 2 }

        expect(machine.started(), "ask after 0")
        expect(machine.answered(good.without([2])), "retry hole 1")
        expect(machine.paused(), "ask after 0")
        expect(machine.answered(good), "deliver 0-5, attempt 1")
        expect(machine.delivered(.applied), "round: 5 events, at 5 of 9")
        expect(machine.roundEnded(elapsed: .zero), "ask after 5")
        expect(machine.answered(rest), "retry hole 1")
        expect(machine.paused(), "ask after 5")
        expect(machine.answered(rest), "give up after 2: hole")
    }

    @Test func `backs off from one second to a minute while a source is away`() {
        var machine = machine()
        var action = machine.started()
        var pauses: [Duration] = []
        for _ in 0..<9 {
            action = machine.failed(SourceError(.unreachable, ""))
            pauses.append(action.pause ?? .zero)
            action = machine.paused()
        }

        for (pause, seconds) in zip(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60]) {
            #expect(pause >= .seconds(seconds) * 0.9 && pause <= .seconds(seconds) * 1.1)
        }
    }

    @Test(
        arguments: [
            (nil, 0.9...1.1), (.seconds(-5), 0.9...1.1), (.zero, 0.9...1.1),
            (.milliseconds(10), 0.9...1.1), (.seconds(30), 30...33),
            (.seconds(3_600), 3_600...3_960),
            (.seconds(1_000_000_000), 3_600...3_960), (.seconds(Int64.max), 3_600...3_960),
        ] as [(Duration?, ClosedRange<Double>)]
    )
    func `obeys Retry-After within its limit and never comes back early`(
        retryAfter: Duration?,
        range: ClosedRange<Double>
    ) throws {
        var machine = machine()
        _ = machine.started()

        let action = machine.failed(SourceError(.unavailable, "", retryAfter: retryAfter))

        let pause = try #require(action.pause)
        #expect(pause >= .seconds(range.lowerBound) && pause <= .seconds(range.upperBound))
    }

    @Test(
        arguments: [
            .chainMismatch, .notAnEventFeed, .unauthorised, .refused, .forbiddenRedirect,
        ] as [SourceError.Code]
    )
    func `ends at once at what is fatal`(_ code: SourceError.Code) {
        var machine = machine()
        _ = machine.started()

        expect(machine.failed(SourceError(code, "")), "stop: \(code)")
    }

    @Test func `asks again where an event feed was before, and gives up in the end`() async throws {
        let checkpoint = try await History.checkpoint(of: try await History.store(9), at: 9)
        var machine = machine(at: checkpoint) { $0.giveUpAfter = 3 }
        let page = SourceError(.notAnEventFeed, "a page for people")

        expect(machine.started(), "ask after 9")
        expect(machine.failed(page), "retry malformedDocument 1")
        expect(machine.paused(), "ask after 9")
        expect(machine.failed(page), "retry malformedDocument 2")
        expect(machine.paused(), "ask after 9")
        expect(machine.failed(page), "give up after 3: malformedDocument")
    }

    @Test func `waits out a history that ends before the checkpoint, if it is the same`()
        async throws
    {
        let checkpoint = try await History.checkpoint(of: try await History.store(9), at: 9)
        let behind = AfterHead(after: EventNumber(9), head: EventNumber(7), epoch: History.epoch)
        let other = AfterHead(
            after: EventNumber(9),
            head: EventNumber(7),
            epoch: History.otherEpoch
        )
        var machine = machine(at: checkpoint) { $0.giveUpAfter = 1 }

        expect(machine.started(), "ask after 9")
        for failures in 1...20 {
            expect(machine.failed(.afterHead(behind, address: "")), "retry afterHead \(failures)")
            expect(machine.paused(), "ask after 9")
        }
        expect(machine.failed(.afterHead(other, address: "")), "stop: anotherEpoch")
    }

    @Test func `does not accept an epoch that lacks what was applied`() async throws {
        let checkpoint = try await History.checkpoint(of: try await History.store(9), at: 9)
        let short = AfterHead(
            after: EventNumber(9),
            head: EventNumber(7),
            epoch: History.otherEpoch
        )
        var machine = machine(at: checkpoint) { $0.acceptedEpoch = History.otherEpoch }

        expect(machine.started(), "ask after 9")
        expect(machine.failed(.afterHead(short, address: "")), "stop: chainMismatch")
    }

    @Test func `moves its checkpoint to an accepted epoch, even without new events`() async throws {
        let checkpoint = try await History.checkpoint(of: try await History.store(9), at: 9)
        let restored = try await History.store(9, epoch: History.otherEpoch)
        var machine = machine(at: checkpoint) { $0.acceptedEpoch = History.otherEpoch }

        expect(machine.started(), "ask after 9")
        let action = machine.answered(try await History.batch(of: restored, after: 9))

        guard case .deliver(let delivery) = action else {
            Issue.record("\(action)")
            return
        }
        #expect(delivery.from == checkpoint)
        #expect(delivery.to.epoch == History.otherEpoch)
        expect(machine.delivered(.applied), "round: 0 events, at 9 of 9")
    }

    @Test func `reports a head that went back, but takes events that fit`() async throws {
        let store = try await History.store(9)
        let stale = try await History.store(6)
        var machine = machine()

        expect(machine.started(), "ask after 0")
        expect(
            machine.answered(try await History.batch(of: store, after: 0, limit: 4)),
            "deliver 0-4, attempt 1"
        )
        expect(machine.delivered(.applied), "round: 4 events, at 4 of 9")
        expect(machine.roundEnded(elapsed: .zero), "ask after 4")
        expect(
            machine.answered(try await History.batch(of: stale, after: 4)),
            "deliver 4-6, attempt 1"
        )
        expect(machine.delivered(.applied), "round: 2 events, at 6 of 9")
        expect(machine.roundEnded(elapsed: .zero), "ask after 6")
        expect(
            machine.answered(try await History.batch(of: stale, after: 6)),
            "retry headWentBack 1"
        )
    }

    @Test func `believes a lower head that is stated again and again`() async throws {
        let store = try await History.store(6)
        let batch = try await History.batch(of: store, after: 0)
        let lie = EventBatch(
            epoch: batch.epoch,
            after: batch.after,
            chainAfter: batch.chainAfter,
            events: batch.events,
            scannedTo: batch.scannedTo,
            chain: batch.chain,
            head: EventNumber(1_000)
        )
        var machine = machine { $0.giveUpAfter = 3 }
        _ = machine.started()
        _ = machine.answered(lie)
        expect(machine.delivered(.applied), "round: 6 events, at 6 of 1000")
        _ = machine.roundEnded(elapsed: .zero)

        for failure in 1...2 {
            expect(
                machine.answered(try await History.batch(of: store, after: 6)),
                "retry headWentBack \(failure)"
            )
            _ = machine.paused()
        }
        expect(
            machine.answered(try await History.batch(of: store, after: 6)),
            "round: 0 events, at 6 of 6"
        )
    }

    @Test func `goes on one event at a time where the receiver wants that`() async throws {
        let store = try await History.store(9)
        var machine = machine()
        _ = machine.started()
        _ = machine.answered(try await History.batch(of: store, after: 0, limit: 2))

        for number in 1...2 {
            let action =
                number == 1
                ? machine.delivered(.oneAtATime) : machine.roundEnded(elapsed: .zero)
            guard case .ask(let request) = action else {
                Issue.record("\(action)")
                return
            }
            #expect(request.limit == 1 && request.after.rawValue == Int64(number) - 1)
            _ = machine.answered(
                try await History.batch(of: store, after: number - 1, limit: 1)
            )
            expect(machine.delivered(.applied), "round: 1 events, at \(number) of 9")
        }
        guard case .ask(let request) = machine.roundEnded(elapsed: .zero) else {
            Issue.record("nothing was asked")
            return
        }
        #expect(request.limit == 500)
    }

    @Test func `delivers the same events again where the receiver wants that`() async throws {
        let batch = try await History.batch(of: try await History.store(3), after: 0)
        var machine = machine()
        _ = machine.started()
        _ = machine.answered(batch)

        let first = machine.delivered(.tryAgainLater(reason: "busy"))
        expect(first, "postpone: busy")
        expect(machine.paused(), "deliver 0-3, attempt 2")
        let second = machine.delivered(.tryAgainLater(reason: "busy"))
        expect(machine.paused(), "deliver 0-3, attempt 3")
        expect(machine.delivered(.applied), "round: 3 events, at 3 of 3")

        #expect(try #require(first.pause) < .milliseconds(1_101))
        #expect(try #require(second.pause) > .milliseconds(1_799))
    }

    @Test func `starts where it was told to, with the source's chain there`() async throws {
        let store = try await History.store(9)
        var machine = machine { $0.startAfter = EventNumber(6) }

        expect(machine.started(), "ask after 6")
        let action = machine.answered(try await History.batch(of: store, after: 6))

        guard case .deliver(let delivery) = action else {
            Issue.record("\(action)")
            return
        }
        #expect(delivery.from == nil)
        #expect(delivery.to == (try await History.checkpoint(of: store, at: 9)))
        #expect(delivery.events.map(\.number.rawValue) == [7, 8, 9])
    }
}
