import Subscriptions

extension Fault {
    /// Every fault that this library knows of, each with a name of its own.
    public static let catalogue: [Fault] =
        statuses + retryAfterForms + interimAnswers + connections + bodies + codings + mediaTypes
        + documents + encodings + entries + rewritings + links + redirects + histories + fieldForms

    /// Finds a fault of the ``catalogue``.
    ///
    /// - Parameter name: Its name.
    /// - Returns: The fault; nil where none has the name.
    public static func named(_ name: String) -> Fault? { catalogue.first { $0.name == name } }
}

extension Set<Fault.Place> {
    /// All places but values, whose bytes mean nothing to a feed.
    static let documents: Set = [.head, .page, .after]
    /// The places whose events are delivered.
    static let deliveries: Set = [.page, .after]
}

// How faults are described.
extension Fault {
    /// A fault that answers the same everywhere.
    static func answer(
        _ name: String,
        _ code: SourceError.Code?,
        at places: Set<Place> = Set(Place.allCases),
        _ steps: [ScriptedServer.Step]
    ) -> Fault {
        Fault(name, reporting: code, at: places) { _ in steps }
    }

    /// A fault that changes the right answer.
    static func change(
        _ name: String,
        _ code: SourceError.Code?,
        at places: Set<Place> = Set(Place.allCases),
        _ change: @escaping @Sendable (inout FeedAnswer) throws -> Void
    ) -> Fault {
        Fault(name, reporting: code, at: places) { occurrence in
            var answer = occurrence.answer
            try change(&answer)
            return [answer.step]
        }
    }

    /// A fault that changes the text of the right document.
    static func document(
        _ name: String,
        _ code: SourceError.Code?,
        at places: Set<Place> = .documents,
        _ change: @escaping @Sendable (String) -> String
    ) -> Fault {
        Self.change(name, code, at: places) { $0.text = change($0.text) }
    }
}
