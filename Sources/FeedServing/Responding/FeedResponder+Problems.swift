import AccessControl
import EventModel
import FeedPages
import HTTPTypes
import Logging
import NIOCore

/// A problem with the header fields that belong to it.
struct FieldedProblem: Error {
    let problem: ProblemDetails
    let fields: HTTPFields

    init(_ problem: ProblemDetails, fields: HTTPFields = [:]) {
        self.problem = problem
        self.fields = fields
    }

    /// 503, to be tried again after some seconds.
    static func later(_ kind: ProblemKind, _ detail: String, seconds: Int) -> FieldedProblem {
        FieldedProblem(ProblemDetails(kind, detail), fields: [.retryAfter: String(seconds)])
    }
}

extension FeedResponder {
    /// Turns any error into its answer.
    func problemResponse(for error: any Error) -> FeedResponse {
        let found = fieldedProblem(for: error)
        var fields = found.fields
        fields[.contentType] = ProblemDetails.mediaType
        fields[.cacheControl] = CachePolicy.never
        return FeedResponse(
            found.problem.status,
            fields: fields,
            body: ByteBuffer(bytes: found.problem.render())
        )
    }

    /// The one place where errors get their HTTP meaning.
    private func fieldedProblem(for error: any Error) -> FieldedProblem {
        switch error {
        case let error as FieldedProblem: error
        case let error as ProblemDetails: FieldedProblem(error)
        case let error as Refusal: Self.problem(for: error)
        case let error as InvalidAddress:
            FieldedProblem(
                ProblemDetails(
                    .invalidAddress,
                    error.description,
                    facts: ["value": .text(error.value)]
                )
            )
        case let error as InvalidParameter:
            FieldedProblem(
                ProblemDetails(
                    .invalidParameter,
                    error.description,
                    facts: [
                        "parameter": .text(error.parameter),
                        "value": error.value.map { .text($0) },
                        "expected": .text(error.expected),
                    ]
                )
            )
        case let error as AfterHead: FieldedProblem(Self.problem(for: error))
        case let error as InvalidSubmission: FieldedProblem(Self.problem(for: error))
        case let error as FailedAppend: FieldedProblem(error.problem)
        case let error as LimitExceeded:
            FieldedProblem(
                ProblemDetails(
                    .tooLarge,
                    error.description,
                    facts: [
                        "field": .text(error.field), "limit": .number(Int64(error.limit)),
                        "size": .number(Int64(error.actual)),
                    ]
                )
            )
        case let error as EventStoreError: problem(for: error)
        case let error as PasswordHasher.Busy:
            .later(.overloaded, "\(error).", seconds: 1)
        case is CancellationError: Self.shuttingDown
        default: unexpected(error)
        }
    }

    private static let shuttingDown = FieldedProblem.later(
        .shuttingDown,
        "The server is stopping: try again later.",
        seconds: 5
    )

    private func problem(for error: EventStoreError) -> FieldedProblem {
        switch error.code {
        case .storageFull:
            return FieldedProblem(
                ProblemDetails(
                    .storageFull,
                    "The disk is full and nothing was recorded: repeat the request when there "
                        + "is space."
                )
            )
        case .unavailable:
            return .later(
                .overloaded,
                "Too many appends wait already and nothing was recorded: repeat the request.",
                seconds: 1
            )
        case .closed:
            return Self.shuttingDown
        case .corrupt:
            return unexpected(error)
        default:
            logger.error(
                "the store failed",
                metadata: [
                    "error": "\(error)", "code": "\(error.code)",
                    "cause": "\(error.cause.map(String.init(describing:)) ?? "none")",
                ]
            )
            return .later(.unavailable, "The store is not available: try again later.", seconds: 5)
        }
    }

    /// An error that nobody has foreseen: its cause stays in the log.
    private func unexpected(_ error: any Error) -> FieldedProblem {
        let request = UUIDBytes.random().description
        logger.error(
            "a request failed",
            metadata: ["request": "\(request)", "error": "\(String(reflecting: error))"]
        )
        return FieldedProblem(
            ProblemDetails(
                .internal,
                "Something went wrong in the server; its log has more under this id.",
                facts: ["request": .text(request)]
            )
        )
    }

    private static func problem(for error: AfterHead) -> ProblemDetails {
        ProblemDetails(
            .afterHead,
            "after=\(error.after) is beyond the head, \(error.head). "
                + "If this server lags behind, ask again later.",
            facts: [
                "after": .number(error.after.rawValue), "head": .number(error.head.rawValue),
                "epoch": .text(error.epoch.description),
            ]
        )
    }

    private static func problem(for refusal: Refusal) -> FieldedProblem {
        switch refusal {
        case .malformed(let reason):
            FieldedProblem(badRequest(reason))
        case .unknownVersion(let version):
            FieldedProblem(badRequest("\(version) is not spoken here, HTTP/1.1 is"))
        case .targetTooLong(let limit):
            FieldedProblem(
                ProblemDetails(
                    .uriTooLong,
                    "An address may have \(limit) bytes.",
                    facts: ["limit": .number(Int64(limit))]
                )
            )
        case .fieldsTooLarge(let limit):
            FieldedProblem(
                ProblemDetails(
                    .headerTooLarge,
                    "The headers are more than the limit, \(limit).",
                    facts: ["limit": .number(Int64(limit))]
                )
            )
        case .unknownMethod(let method, _):
            FieldedProblem(
                ProblemDetails(
                    .notImplemented,
                    "The method \(method.prefix(100)) is not known here.",
                    facts: ["method": .text(String(method.prefix(100)))]
                )
            )
        case .unknownTransferCoding(let coding):
            FieldedProblem(
                ProblemDetails(
                    .notImplemented,
                    "The transfer coding \(coding.prefix(100)) is not known here, chunked is.",
                    facts: ["transferCoding": .text(String(coding.prefix(100)))]
                )
            )
        case .tooSlow(let seconds):
            FieldedProblem(
                ProblemDetails(
                    .requestTimeout,
                    "The request did not arrive within \(seconds) seconds.",
                    facts: ["limit": .number(Int64(seconds))]
                )
            )
        case .stopping:
            shuttingDown
        case .tooManyConnections:
            .later(.overloaded, "There are too many connections: try again later.", seconds: 1)
        }
    }

    private static func badRequest(_ reason: String) -> ProblemDetails {
        ProblemDetails(
            .badRequest,
            "The request is not valid HTTP: \(reason).",
            facts: ["reason": .text(reason)]
        )
    }

    private static func problem(for error: InvalidSubmission) -> ProblemDetails {
        func number(_ value: Int?) -> ProblemDetails.Fact? { value.map { .number(Int64($0)) } }
        func text(_ value: String?) -> ProblemDetails.Fact? { value.map { .text($0) } }
        let reason = error.reason?.rawValue ?? (error.problem == .invalidBody ? error.message : nil)
        let facts: KeyValuePairs<String, ProblemDetails.Fact?> =
            switch error.problem {
            case .unsupportedMediaType:
                ["given": text(error.value), "reason": text(reason)]
            default:
                [
                    "line": number(error.line), "column": number(error.column),
                    "field": text(error.field), "value": text(error.value),
                    "limit": number(error.limit), "size": number(error.size),
                    "reason": text(reason),
                ]
            }
        return ProblemDetails(error.problem, "\(error.description).", facts: facts)
    }
}
