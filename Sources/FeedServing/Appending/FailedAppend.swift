import EventModel
import FeedPages

/// An append that the store refused, with what the answer says about it.
struct FailedAppend: Error {
    let problem: ProblemDetails

    /// Describes a stream that was not as expected.
    ///
    /// - Parameters:
    ///   - conflict: What the store found.
    ///   - submitted: What was to be appended.
    init(_ conflict: VersionConflict, _ submitted: SubmittedEvents) {
        let line = submitted.line(of: conflict.stream)
        let seen: StreamVersion? =
            switch conflict.expected {
            case .exactly(let version): version
            case .none: .empty
            case .any, .exists: nil
            }
        let between = seen.flatMap { seen in
            conflict.actual > seen
                ? "\(FeedAddress.stream(conflict.stream).path)?after=\(seen)" : nil
        }
        let expected: ProblemDetails.Fact =
            if case .exactly(let version) = conflict.expected, version > .empty {
                .number(version.rawValue)
            } else {
                .text(seen == nil ? conflict.expected.description : "none")
            }
        problem = ProblemDetails(
            .versionConflict,
            Self.detail(conflict, hasBetween: between != nil),
            facts: [
                "line": line.map { .number(Int64($0)) }, "stream": .text(conflict.stream.text),
                "expected": expected,
                "actual": .number(conflict.actual.rawValue), "between": between.map { .text($0) },
            ]
        )
    }

    /// Describes a stream that was deleted.
    ///
    /// - Parameters:
    ///   - deleted: What the store found.
    ///   - submitted: What was to be appended.
    init(_ deleted: StreamDeleted, _ submitted: SubmittedEvents) {
        let line =
            submitted.line(of: deleted.stream)
            ?? deleted.stream.metadataStream.flatMap(submitted.line(of:))
        problem = ProblemDetails(
            deleted.isPermanent ? .streamEnded : .streamDeleted,
            "The \(deleted).",
            facts: [
                "line": line.map { .number(Int64($0)) }, "stream": .text(deleted.stream.text),
                "version": .number(deleted.version.rawValue),
            ]
        )
    }

    /// Describes an id that belongs to another event.
    ///
    /// - Parameters:
    ///   - duplicate: What the store found.
    ///   - stream: The stream of the event stored.
    ///   - submitted: What was to be appended.
    init(_ duplicate: DuplicateEvent, stream: StreamName?, _ submitted: SubmittedEvents) {
        problem = ProblemDetails(
            .duplicateEvent,
            "The \(duplicate).",
            facts: [
                "line": submitted.line(of: duplicate.id).map { .number(Int64($0)) },
                "id": .text(duplicate.id.description), "number": .number(duplicate.number.rawValue),
                "stream": stream.map { .text($0.text) },
            ]
        )
    }

    /// Describes an append of which a part is recorded.
    ///
    /// - Parameters:
    ///   - partly: What the store found.
    ///   - submitted: What was to be appended.
    init(_ partly: PartlyRecorded, _ submitted: SubmittedEvents) {
        let known = submitted.events.compactMap { event in
            partly.known[event.id].map {
                ProblemDetails.KnownEvent(id: event.id.description, number: $0.rawValue)
            }
        }
        problem = ProblemDetails(
            .partlyRecorded,
            "\(partly).",
            facts: ["known": .known(known)]
        )
    }

    private static func detail(_ conflict: VersionConflict, hasBetween: Bool) -> String {
        let wanted =
            switch conflict.expected {
            case .exactly(let version): "at version \(version)"
            case .none: "new"
            case .exists: "there"
            case .any: "in any state"
            }
        let advice =
            hasBetween
            ? "read what came between, decide again, and append expecting \(conflict.actual)."
            : "read it, and expect what is there."
        return
            "Stream \(conflict.stream) is at version \(conflict.actual), not \(wanted): \(advice)"
    }
}
