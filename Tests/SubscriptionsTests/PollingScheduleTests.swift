import EventModel
import Subscriptions
import Testing

@Suite struct `The pauses of a schedule` {
    @Test(arguments: [
        (1, 1), (2, 2), (3, 4), (4, 8), (6, 32), (7, 60), (8, 60), (64, 60), (1_000_000, 60),
        (0, 1),
    ])
    func `double from floor to ceiling`(failures: Int, seconds: Int) {
        #expect(BackOff.standard.pause(afterFailures: failures) == .seconds(seconds))
    }

    @Test func `keep a ceiling that is no power of the floor`() {
        let backOff = BackOff(minimum: .milliseconds(300), maximum: .seconds(1))

        #expect(
            (1...4).map { backOff.pause(afterFailures: $0) }
                == [.milliseconds(300), .milliseconds(600), .seconds(1), .seconds(1)]
        )
    }

    @Test func `are cut to what is allowed`() {
        let odd = BackOff(minimum: .seconds(-1), maximum: .seconds(-5))
        #expect(odd.minimum == .milliseconds(1))
        #expect(odd.maximum == odd.minimum)
        #expect(BackOff(minimum: .seconds(9), maximum: .seconds(1)).maximum == .seconds(9))
        #expect(PollingSchedule(every: .zero).interval == .milliseconds(100))
        #expect(PollingSchedule(every: .seconds(1_000_000)).interval == .seconds(86_400))
        #expect(PollingSchedule(every: .seconds(1), wait: .zero).wait == nil)
        #expect(PollingSchedule(every: .seconds(1), wait: .seconds(61)).wait == .seconds(60))
    }
}

@Suite struct `A pace that adapts` {
    private let schedule = PollingSchedule(every: .seconds(1)...Duration.seconds(30))

    @Test(arguments: [
        (0, 1_000), (1, 1_500), (2, 2_250), (3, 3_375), (8, 25_628), (9, 30_000), (10, 30_000),
        (1_000_000, 30_000), (-1, 1_000),
    ])
    func `grows by half with each quiet round, up to its ceiling`(rounds: Int, milliseconds: Int) {
        let interval = schedule.interval(afterQuietRounds: rounds)

        #expect(abs(interval - .milliseconds(milliseconds)) < .milliseconds(1))
    }

    @Test func `is never longer than half of the time for which it was quiet, and one step`() {
        var quiet = Duration.zero
        for rounds in 1...8 {
            quiet += schedule.interval(afterQuietRounds: rounds - 1)
            let next = schedule.interval(afterQuietRounds: rounds)
            #expect(next <= quiet * 0.5 + .seconds(1))
        }
    }

    @Test func `is fixed where both ends are the same`() {
        let fixed = PollingSchedule(every: .seconds(2))

        #expect(!fixed.isAdaptive && schedule.isAdaptive)
        #expect((0...99).allSatisfy { fixed.interval(afterQuietRounds: $0) == .seconds(2) })
    }

    @Test func `has both ends cut to what is allowed`() {
        let odd = PollingSchedule(every: .zero...Duration.seconds(1_000_000))
        let late = PollingSchedule(every: .seconds(90_000)...Duration.seconds(100_000))

        #expect(odd.interval == .milliseconds(100) && odd.longestInterval == .seconds(86_400))
        #expect(late.interval == .seconds(86_400) && !late.isAdaptive)
    }

    @Test(
        arguments: [
            (.seconds(2), .seconds(2), "2s"), (.seconds(1), .seconds(30), "1s..30s"),
            (.milliseconds(100), .milliseconds(1_500), "100ms..1500ms"),
            (.seconds(90), .seconds(120), "90s..2m"),
            (.seconds(3_600), .seconds(86_400), "1h..24h"),
        ] as [(Duration, Duration, String)]
    )
    func `is said as it is written`(shortest: Duration, longest: Duration, text: String) {
        #expect(PollingSchedule(every: shortest...longest).description == text)
    }
}

/// How far a duration is from zero.
private func abs(_ duration: Duration) -> Duration { max(duration, .zero - duration) }

@Suite struct `The class of an error` {
    @Test(
        arguments: [
            (.unreachable, .transient), (.timedOut, .transient), (.unavailable, .transient),
            (.afterHead, .lagging), (.headWentBack, .lagging),
            (.malformedDocument, .malformed), (.wrongMediaType, .malformed),
            (.tooLarge, .malformed),
            (.hole, .malformed), (.changedDocument, .malformed), (.unexpected, .malformed),
            (.anotherEpoch, .fatal), (.chainMismatch, .fatal), (.notAnEventFeed, .fatal),
            (.unsupportedFormat, .fatal), (.unauthorised, .fatal), (.refused, .fatal),
            (.forbiddenRedirect, .fatal), (.unusableAddress, .fatal), (.closed, .fatal),
        ] as [(SourceError.Code, SourceError.Kind)]
    )
    func `follows from its code`(_ code: SourceError.Code, _ kind: SourceError.Kind) {
        #expect(SourceError(code, "a message").kind == kind)
    }

    @Test(
        arguments: [
            (.unavailable, .unavailable), (.io, .unavailable), (.inUse, .unavailable),
            (.storageFull, .unavailable), (.closed, .closed), (.corrupt, .unsupportedFormat),
            (.unsupportedSchema, .unsupportedFormat),
        ] as [(EventStoreError.Code, SourceError.Code)]
    )
    func `is that of what a store says`(_ code: EventStoreError.Code, _ expected: SourceError.Code)
    {
        let error = SourceError.wrapping(EventStoreError(code, "a message"), address: "here")

        #expect((error as? SourceError)?.code == expected)
    }

    @Test func `leaves cancellation and what is classed already as they are`() {
        let cancelled = SourceError.wrapping(CancellationError(), address: "here")
        #expect(cancelled is CancellationError)
        let classed = SourceError.wrapping(SourceError(.hole, "a hole"), address: "here")
        #expect((classed as? SourceError)?.message == "a hole")
        struct Surprise: Error {}
        let surprise = SourceError.wrapping(Surprise(), address: "here")
        #expect((surprise as? SourceError)?.code == .unexpected)
    }
}

@Suite struct `A filter beside a checkpoint` {
    private func filter(_ streams: [String], _ categories: [String], _ types: [String]) throws
        -> EventFilter
    {
        EventFilter(
            streams: try streams.map { try StreamName($0) },
            categories: try categories.map { try StreamCategory($0) },
            types: try types.map { $0.hasSuffix("*") ? .prefix($0) : .exactly(try EventType($0)) }
        )
    }

    @Test func `is the same text in any order, and nothing for everything`() throws {
        let one = try filter(["b-1", "a-1", "a-1"], ["tab"], ["W_*", "A", "W_*"])
        let other = try filter(["a-1", "b-1"], ["tab", "tab"], ["A", "W_*"])

        #expect(one.lines == other.lines)
        #expect(EventFilter.everything.lines == "")
    }

    @Test func `comes back as it was`() throws {
        let filter = try filter(["a b-1", "stream x"], ["täb"], ["a type", "star*"])

        let back = try #require(EventFilter(lines: filter.lines))

        #expect(back.lines == filter.lines)
        #expect(Set(back.streams) == Set(filter.streams))
        #expect(Set(back.types) == Set(filter.types))
        #expect(EventFilter(lines: "")?.isEverything == true)
        #expect(EventFilter(lines: "nonsense x") == nil)
    }

    @Test func `tells apart what only looks the same`() throws {
        let composed = try filter(["caf\u{E9}"], [], [])
        let decomposed = try filter(["cafe\u{301}"], [], [])
        let prefix = EventFilter(types: [.prefix("A")])
        let whole = EventFilter(types: [.exactly(EventType(stored: "A*"))])

        #expect(Array(composed.lines.utf8) != Array(decomposed.lines.utf8))
        #expect(prefix.lines != whole.lines)
    }
}
