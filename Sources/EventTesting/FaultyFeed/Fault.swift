import FeedPages
public import Subscriptions
public import Testing

/// One thing that a feed may do wrong, or may do in a way of its own, with what a reader has to
/// make of it.
///
/// ``catalogue`` has all that this library knows of. A fault of your own bends the right answer:
///
/// ```swift
/// let fault = Fault("an empty title", reporting: nil, at: [.head]) { occurrence in
///     var answer = occurrence.answer
///     answer.text = answer.text.replacing("<title>Orders", with: "<title>")
///     return [answer.step]
/// }
/// ```
public struct Fault: Sendable, CustomStringConvertible, CustomTestStringConvertible {
    /// What a request asks for.
    public enum Place: String, CaseIterable, Sendable, CustomTestStringConvertible {
        /// The head document.
        case head
        /// A complete page.
        case page
        /// What comes after a number.
        case after
        /// A value out of line.
        case value

        /// The place's name.
        public var testDescription: String { rawValue }
    }

    /// A request that a fault has struck.
    public struct Occurrence: Sendable {
        /// The request.
        public let request: ScriptedServer.Request
        /// What it asks for.
        public let place: Place
        /// The right answer, as if the request had no condition.
        public let answer: FeedAnswer

        let publication: Publication

        /// The right answer at another target of the same feed.
        ///
        /// - Parameter target: Path and query, beginning with `/`.
        /// - Returns: The answer.
        public func answer(at target: String) async -> FeedAnswer {
            await publication.answer(to: request.unconditional(at: target))
        }
    }

    /// Makes the wrong answer.
    public typealias Bend = @Sendable (Occurrence) async throws -> [ScriptedServer.Step]

    /// What goes wrong, in words; unique in ``catalogue``.
    public let name: String
    /// Where it makes sense.
    public internal(set) var places: Set<Place>

    private var codes: [Place: SourceError.Code]
    let bend: Bend

    /// Describes a fault.
    ///
    /// - Parameters:
    ///   - name: What goes wrong, in words.
    ///   - code: What a reader that meets it has to report; nil where it has to take the answer.
    ///   - places: Where it makes sense.
    ///   - bend: Makes the wrong answer; where it throws, the connection is closed instead.
    public init(
        _ name: String,
        reporting code: SourceError.Code?,
        at places: Set<Place> = Set(Place.allCases),
        bend: @escaping Bend
    ) {
        self.name = name
        self.places = places
        self.bend = bend
        codes = [:]
        for place in places { codes[place] = code }
    }

    /// What a reader that meets it has to report, or nil where it has to take the answer.
    ///
    /// That is for a request that expects a document which is there: the head document asked for
    /// first of all, a page below the head, an `after` at or below it.
    ///
    /// - Parameter place: Where it strikes.
    /// - Returns: The code, whose kind says whether asking again can help.
    public func reported(at place: Place) -> SourceError.Code? { codes[place] }

    /// The name.
    public var description: String { name }
    /// The name.
    public var testDescription: String { name }

    /// The same fault, with another report at one place.
    func reporting(_ code: SourceError.Code?, at place: Place) -> Fault {
        var fault = self
        fault.codes[place] = code
        return fault
    }

    /// Answers a request wrongly.
    func strike(
        _ request: ScriptedServer.Request,
        at place: Place,
        of publication: Publication
    ) async -> [ScriptedServer.Step] {
        let plain = request.unconditional(at: request.target)
        let occurrence = Occurrence(
            request: request,
            place: place,
            answer: await publication.answer(to: plain),
            publication: publication
        )
        do {
            return try await bend(occurrence)
        } catch {
            Issue.record(error, "the fault \"\(name)\" could not be made")
            return [.close]
        }
    }
}

extension Fault.Place {
    /// What a target asks for.
    init?(target: String, isStaticCopy: Bool) {
        // What is no address is no place.
        guard let (address, query) = try? FeedAddress.reading(target: target) else { return nil }
        switch address {
        case .head: self = query == nil || isStaticCopy ? .head : .after
        case .page: self = .page
        case .value: self = .value
        default: return nil
        }
    }
}

extension ScriptedServer.Request {
    /// The request without a condition, at any target.
    func unconditional(at target: String) -> ScriptedServer.Request {
        var request = self
        request.target = target
        request.fields.removeAll { ["if-none-match", "prefer"].contains($0.name.lowercased()) }
        return request
    }
}
