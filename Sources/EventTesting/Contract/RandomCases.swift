import EventModel
import Testing

extension EventStoreContract {
    static let randomHistories = (1...6).map { seed in
        EventStoreCase("a random history agrees with a plain list (seed \(seed))") { run in
            var generator = SeededGenerator(seed: UInt64(seed))
            var model = PlainHistory()
            for _ in 0..<120 {
                let events = try model.randomEvents(&generator)
                let expected = model.randomExpectation(&generator)
                var outcome: PlainHistory.Outcome
                do {
                    outcome = .result(try await run.append(events, expecting: expected))
                } catch let error as VersionConflict {
                    outcome = .conflict(error)
                } catch let error as DuplicateEvent {
                    outcome = .duplicate(error)
                } catch let error as PartlyRecorded {
                    outcome = .partly(error)
                }
                #expect(outcome == model.append(events, expecting: expected))
                #expect(try await run.store.head().number.rawValue == model.events.count)
            }
            let recorded = try await run.history(batch: 7)
            #expect(recorded.map(\.event) == model.events)
            #expect(recorded.map(\.version) == model.versions)
        }
    }
}

/// A store as a list that is searched from end to end: too simple to be wrong.
private struct PlainHistory {
    enum Outcome: Equatable {
        case result(AppendResult)
        case conflict(VersionConflict)
        case duplicate(DuplicateEvent)
        case partly(PartlyRecorded)
    }

    private(set) var events: [NewEvent] = []
    private(set) var versions: [StreamVersion] = []

    func version(of stream: StreamName) -> StreamVersion {
        StreamVersion(Int64(events.count { $0.stream == stream }))
    }

    /// New events, old ones again, old ones changed, and mixtures.
    func randomEvents(_ generator: inout SeededGenerator) throws -> [NewEvent] {
        let count = Int.random(in: 1...4, using: &generator)
        var chosen: [NewEvent] = []
        let kind = Int.random(in: 0..<10, using: &generator)
        for _ in 0..<count {
            let isOld = kind == 0 || (kind == 1 && Bool.random(using: &generator))
            if isOld, let old = events.randomElement(using: &generator) {
                guard !chosen.contains(where: { $0.id == old.id }) else { continue }
                let isChanged = Int.random(in: 0..<6, using: &generator) == 0
                chosen.append(
                    NewEvent(
                        id: old.id,
                        stream: old.stream,
                        type: old.type,
                        data: isChanged ? .json("\"changed\"") : old.data
                    )
                )
            } else {
                let stream = "s-\(Int.random(in: 1...3, using: &generator))"
                chosen.append(try Sample.event(stream))
            }
        }
        return chosen
    }

    func randomExpectation(_ generator: inout SeededGenerator) -> ExpectedVersion {
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: .none
        case 1: .exists
        case 2: .exactly(StreamVersion(Int64.random(in: 0...40, using: &generator)))
        default: .any
        }
    }

    mutating func append(_ batch: [NewEvent], expecting expected: ExpectedVersion) -> Outcome {
        var known: [EventID: EventNumber] = [:]
        for event in batch {
            guard let index = events.firstIndex(where: { $0.id == event.id }) else { continue }
            let number = EventNumber(Int64(index + 1))
            if events[index] != event {
                return .duplicate(DuplicateEvent(id: event.id, number: number))
            }
            known[event.id] = number
        }
        if let first = known.values.min(), let last = known.values.max() {
            guard known.count == batch.count else { return .partly(PartlyRecorded(known: known)) }
            return .result(result(batch, first, last, known: known))
        }
        for event in batch where !expected.holds(at: version(of: event.stream)) {
            return .conflict(
                VersionConflict(
                    stream: event.stream,
                    expected: expected,
                    actual: version(of: event.stream)
                )
            )
        }
        let first = EventNumber(Int64(events.count + 1))
        for event in batch {
            versions.append(version(of: event.stream).next)
            events.append(event)
        }
        return .result(result(batch, first, EventNumber(Int64(events.count)), known: [:]))
    }

    /// The result whose versions are those of the batch's own last event in each stream.
    private func result(
        _ batch: [NewEvent],
        _ first: EventNumber,
        _ last: EventNumber,
        known: [EventID: EventNumber]
    ) -> AppendResult {
        var reached: [StreamName: StreamVersion] = [:]
        var begun: [StreamName: StreamVersion] = [:]
        for event in batch {
            guard let index = events.firstIndex(where: { $0.id == event.id }) else { continue }
            begun[event.stream] = begun[event.stream] ?? versions[index]
            reached[event.stream] = max(reached[event.stream] ?? .empty, versions[index])
        }
        return AppendResult(
            first: first,
            last: last,
            versions: reached,
            firstVersions: begun,
            wasAlreadyRecorded: !known.isEmpty
        )
    }
}

extension ExpectedVersion {
    /// Whether a stream about which nothing was said is as expected.
    fileprivate func holds(at version: StreamVersion) -> Bool {
        switch self {
        case .any: true
        case .none: version == .empty
        case .exists: version > .empty
        case .exactly(let expected): version == expected
        }
    }
}
