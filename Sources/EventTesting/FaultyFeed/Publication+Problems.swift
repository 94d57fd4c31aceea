import EventModel
import FeedPages
import HTTPTypes

/// What a server says where it has no document.
extension Publication {
    static let nothingHere = ProblemDetails(
        .notFound,
        "Nothing is here: see / for what there is."
    )

    /// Turns an error into its answer; that of a plain web server where this is a static copy.
    func problem(_ error: any Error) -> FeedAnswer {
        guard !isStaticCopy else {
            let fields: HTTPFields = [.contentType: "text/html"]
            return FeedAnswer(404, fields, Array("<html><body>404 Not Found".utf8))
        }
        let problem: ProblemDetails =
            switch error {
            case let error as ProblemDetails: error
            case let error as AfterHead:
                ProblemDetails(
                    .afterHead,
                    "after=\(error.after) is beyond the head, \(error.head). "
                        + "If this server lags behind, ask again later.",
                    facts: [
                        "after": .number(error.after.rawValue),
                        "head": .number(error.head.rawValue),
                        "epoch": .text(error.epoch.description),
                    ]
                )
            case let error as InvalidParameter:
                ProblemDetails(
                    .invalidParameter,
                    error.description,
                    facts: [
                        "parameter": .text(error.parameter),
                        "value": error.value.map { .text($0) },
                        "expected": .text(error.expected),
                    ]
                )
            case let error as InvalidAddress:
                ProblemDetails(
                    .invalidAddress,
                    error.description,
                    facts: ["value": .text(error.value)]
                )
            default:
                ProblemDetails(.unavailable, "The store is not available: try again later.")
            }
        return Self.answer(problem)
    }

    /// A problem as its answer.
    static func answer(_ problem: ProblemDetails) -> FeedAnswer {
        var fields: HTTPFields = [
            .contentType: ProblemDetails.mediaType, .cacheControl: "no-store",
            .xContentTypeOptions: "nosniff",
        ]
        fields[.retryAfter] = problem.kind?.retryAfter.map { String($0) }
        return FeedAnswer(problem.status, fields, problem.render())
    }

    /// Refuses the address of another history.
    func checkEpoch(_ given: String) async throws {
        guard given != store.identity.epoch.shortForm else { return }
        let head = try await store.head().number
        throw ProblemDetails(
            .anotherEpoch,
            "\(given) is another history than the one served here, \(store.identity.epoch).",
            facts: [
                "given": .text(given), "epoch": .text(store.identity.epoch.description),
                "head": .number(head.rawValue),
            ]
        )
    }

    /// Refuses numbers that are no page, or one that is not there yet.
    func noSuchPage(_ range: PageRange, head: EventNumber) -> ProblemDetails {
        let layout = PageLayout(pageSize: store.identity.pageSize)
        let holder = layout.page(containing: range.first)
        let detail =
            layout.isPage(range)
            ? "The page \(range) is beyond the head, \(head)."
            : "\(range) is not a page; "
                + (holder.map { "the page that holds \(range.first) is \($0)." }
                    ?? "numbers begin with 1.")
        return ProblemDetails(
            .noSuchPage,
            detail,
            facts: [
                "epoch": .text(store.identity.epoch.description), "head": .number(head.rawValue),
                "pageFirst": holder.map { .number($0.first.rawValue) },
                "pageLast": holder.map { .number($0.last.rawValue) },
                "page": holder.map { .text(FeedAddress.plainPage($0).path) },
            ]
        )
    }
}

extension FeedAddress {
    /// Reads a target.
    ///
    /// - Parameter target: Path and query.
    /// - Returns: The address, and the query where there is one.
    /// - Throws: `InvalidAddress`; `ProblemDetails` where nothing can be at the path.
    static func reading(target: String) throws -> (address: FeedAddress, query: String?) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = try FeedAddress.parse(path: String(parts[0])) else {
            throw Publication.nothingHere
        }
        return (address, parts.count > 1 ? String(parts[1]) : nil)
    }
}
