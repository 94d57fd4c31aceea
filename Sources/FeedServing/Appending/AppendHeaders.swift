import EventModel
import FeedPages
import HTTPTypes

/// What the header fields of an append say; every one that occurs twice is refused.
struct AppendHeaders {
    let request: FeedRequest

    /// Refuses bodies in a coding, for which nothing here has a decoder.
    func checkCoding() throws {
        let codings = request.fields.list(.contentEncoding)?.split(separator: ",") ?? []
        let coding = codings.map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            .first { !$0.isEmpty && $0 != "identity" }
        guard let coding else { return }
        throw FieldedProblem(
            ProblemDetails(
                .unsupportedMediaType,
                "The Content-Encoding \(coding) is not supported: send the body as it is.",
                facts: [
                    "given": .text(String(coding.prefix(100))), "accepted": .texts(["identity"]),
                    "reason": .text("content-encoding"),
                ]
            ),
            fields: [.acceptEncoding: "identity"]
        )
    }

    /// The media type of a body that the address reads.
    ///
    /// - Parameter accepted: The media types that the address takes, for the error.
    /// - Returns: The media type as it was sent.
    /// - Throws: 415 without one, and for one that cannot be read.
    func mediaType(accepted: [String]) throws -> MediaType {
        let text = try single(.contentType)
        do throws(InvalidName) {
            if let text { return try MediaType(text) }
        } catch {
            // Whatever it is, it is none of those.
        }
        throw Self.unsupported(given: text, accepted: accepted)
    }

    /// The media type of a body that is stored as it is, of whatever type.
    ///
    /// - Returns: The media type as it was sent.
    /// - Throws: 415 without one, 400 for one that cannot be read.
    func dataMediaType() throws -> MediaType {
        guard let text = try single(.contentType) else {
            throw Self.unsupported(given: nil, accepted: ["*/*"])
        }
        do throws(InvalidName) {
            return try MediaType(text)
        } catch {
            throw InvalidSubmission(error, "Content-Type")
        }
    }

    /// 415 with what is accepted.
    static func unsupported(given: String?, accepted: [String]) -> ProblemDetails {
        ProblemDetails(
            .unsupportedMediaType,
            given.map {
                "\($0.prefix(100)) is not supported here; \(accepted.joined(separator: ", ")) is."
            }
                ?? "There is no Content-Type: say what the body is.",
            facts: [
                "given": given.map { .text(String($0.prefix(100))) }, "accepted": .texts(accepted),
            ]
        )
    }

    /// What `If-Match` and `If-None-Match` expect of the stream.
    func expectation() throws -> ExpectedVersion {
        let match = try single(.ifMatch)
        let noneMatch = try single(.ifNoneMatch)
        if let match {
            if noneMatch != nil {
                throw Self.invalid(.ifNoneMatch, noneMatch, expected: "not together with If-Match")
            }
            if match == "*" { return .exists }
            guard case .tags(let tags)? = EntityTagCondition(match), tags.count == 1,
                let tag = tags.first, !tag.isWeak, let version = tag.streamVersion
            else {
                throw Self.invalid(
                    .ifMatch,
                    match,
                    expected: "*, or one strong entity tag of the stream, such as \"7\""
                )
            }
            return version == .empty ? .none : .exactly(version)
        }
        guard let noneMatch else { return .any }
        guard noneMatch == "*" else {
            throw Self.invalid(.ifNoneMatch, noneMatch, expected: "*")
        }
        return .none
    }

    /// Refuses conditions where they mean nothing.
    func refuseConditions() throws {
        for name in [HTTPField.Name.ifMatch, .ifNoneMatch] where request.fields[name] != nil {
            throw Self.invalid(
                name,
                request.fields[name],
                expected: "the member expect of the first line of a stream instead"
            )
        }
    }

    /// Refuses the fields that describe an event, for a body that does so itself.
    func refuseEventFields() throws {
        for name in [HTTPField.Name.eventType, .eventID, .eventMetadata]
        where request.fields[name] != nil {
            throw Self.invalid(name, request.fields[name], expected: "nothing beside an Atom entry")
        }
    }

    /// `Event-Type`, which must be there.
    func eventType() throws -> EventType {
        guard let text = try single(.eventType) else {
            throw InvalidSubmission(
                .missing,
                "Event-Type",
                "there is no Event-Type: name the type of the event"
            )
        }
        do throws(InvalidName) {
            return try EventType(text)
        } catch {
            throw InvalidSubmission(error, "Event-Type")
        }
    }

    /// `Event-Id`, or a new one.
    func eventID() throws -> EventID {
        guard let text = try single(.eventID) else { return .timeOrdered() }
        guard let id = EventID(text) else {
            throw InvalidSubmission(.notUUID, "Event-Id", value: text, "Event-Id is no UUID")
        }
        return id
    }

    /// `Event-Metadata`, if there is any.
    func metadata(limits: WireLimits) throws -> Payload? {
        guard let text = try single(.eventMetadata) else { return nil }
        let bytes = Array(text.utf8)
        guard bytes.count <= limits.metadataHeaderBytes else {
            throw LimitExceeded(
                field: "Event-Metadata",
                limit: limits.metadataHeaderBytes,
                actual: bytes.count
            )
        }
        try InvalidSubmission.checkMetadata(bytes, field: "Event-Metadata")
        return Payload(bytes, mediaType: .json)
    }

    /// The value of a field that may occur once.
    private func single(_ name: HTTPField.Name) throws -> String? {
        let values = request.fields[values: name]
        guard let value = values.first else { return nil }
        guard values.count == 1 else {
            throw Self.invalid(name, value, expected: "one \(name.rawName)")
        }
        if !request.fieldsAreUTF8, value.unicodeScalars.contains("\u{FFFD}") {
            throw Self.notUTF8(name, value)
        }
        return value
    }

    /// What is wrong with a field that is not UTF-8: those of the event are part of it.
    private static func notUTF8(_ name: HTTPField.Name, _ value: String) -> any Error {
        let reason: InvalidSubmission.Reason? =
            switch name {
            case .eventType: .character
            case .eventID: .notUUID
            case .eventMetadata: .notJSON
            case .contentType: .mediaType
            default: nil
            }
        guard let reason else { return invalid(name, value, expected: "UTF-8") }
        return InvalidSubmission(
            reason,
            name.rawName,
            value: value,
            "\(name.rawName) is not UTF-8: send it as UTF-8 without escapes"
        )
    }

    private static func invalid(_ name: HTTPField.Name, _ value: String?, expected: String)
        -> ProblemDetails
    {
        ProblemDetails(
            .invalidHeader,
            "The header \(name.rawName) is not valid: \(expected).",
            facts: [
                "header": .text(name.rawName),
                "value": value.map { .text(String($0.prefix(100))) },
                "expected": .text(expected),
            ]
        )
    }
}
