import AccessControl
import EventModel
import HTTPTypes

/// Errors as answers: the one place where it is decided what a client of this interface is told.
enum WireFailure {
    /// The answer to an error.
    ///
    /// - Parameters:
    ///   - error: What was thrown.
    ///   - headers: The request's, for the spelling of the answer's.
    /// - Returns: The answer; nil for what is not this interface's to explain.
    static func response(to error: any Error, _ headers: WireHeaders) -> WireResponse? {
        switch error {
        case let refusal as WireRefusal:
            return WireAnswers.refusal(refusal)
        case let conflict as VersionConflict:
            return wrongNumber(last: conflict.actual.rawValue - 1, headers)
        case is StreamDeleted:
            return WireAnswers.outcome(410, "Stream deleted")
        case is Unauthorized:
            return WireAnswers.unauthorized
        case let limit as LimitExceeded:
            return WireAnswers.refusal(tooLarge(limit))
        case let name as InvalidName:
            return WireAnswers.refusal(.invalid(phrase("\(name)")))
        case let invalid as InvalidAppend:
            return WireAnswers.refusal(.invalid(phrase("\(invalid)")))
        case let trouble as EventStoreError:
            var answer = WireAnswers.outcome(status(of: trouble.code), reason(of: trouble.code))
            // Of these two there are many where there is one, and they say all themselves.
            if trouble.code != .unavailable, trouble.code != .closed { answer.cause = trouble }
            return answer
        case is PasswordHasher.Busy:
            return WireAnswers.outcome(503, "Server Is Too Busy")
        default:
            return nil
        }
    }

    /// The stream was not where the client expected it.
    static func wrongNumber(last: Int64, _ headers: WireHeaders) -> WireResponse {
        var response = WireAnswers.outcome(400, "Wrong expected EventNumber")
        response.fields[WireField.currentVersion] = String(last)
        if headers.areKurrent { response.fields[WireField.kurrentVersion] = String(last) }
        return response
    }

    private static func tooLarge(_ limit: LimitExceeded) -> WireRefusal {
        ["data", "body"].contains(limit.field) && limit.limit <= Limits.standard.dataBytes
            ? WireRefusal(status: 413, reason: "Too large events received. Limit is 4mb")
            : WireRefusal(status: 413, reason: phrase("\(limit)"))
    }

    private static func status(of code: EventStoreError.Code) -> Int {
        switch code {
        case .unavailable, .closed, .readOnly: 503
        case .storageFull: 507
        default: 500
        }
    }

    private static func reason(of code: EventStoreError.Code) -> String {
        switch code {
        case .unavailable: "Server Is Too Busy"
        case .closed, .readOnly: "Server Is Not Ready"
        case .storageFull: "Insufficient Storage"
        default: "Internal Server Error"
        }
    }

    /// A sentence as a reason phrase: what would end the line is left out.
    private static func phrase(_ text: String) -> String {
        String(
            text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.map(Character.init)
        )
    }
}

/// The caller may not do what was asked.
struct Unauthorized: Error {}

/// Fields that no library names.
enum WireField {
    static let currentVersion = name("ES-CurrentVersion")
    static let kurrentVersion = name("Kurrent-CurrentVersion")
    static let allowedMethods = name("Access-Control-Allow-Methods")
    static let allowedHeaders = name("Access-Control-Allow-Headers")
    static let allowedOrigin = name("Access-Control-Allow-Origin")
    static let exposedHeaders = name("Access-Control-Expose-Headers")

    static let fetchSite = name("Sec-Fetch-Site")
    static let forwardedHost = name("X-Forwarded-Host")
    static let forwardedPort = name("X-Forwarded-Port")
    static let forwardedPrefix = name("X-Forwarded-Prefix")
    static let forwardedProto = name("X-Forwarded-Proto")

    /// A field's name.
    static func name(_ text: String) -> HTTPField.Name {
        // A name of letters and dashes is always one; `ETag` is never reached.
        HTTPField.Name(text) ?? .eTag
    }
}
