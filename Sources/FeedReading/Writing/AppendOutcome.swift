import EventModel
import FeedPages

/// Reads the answers to appends back into the results and errors of the event model.
enum AppendOutcome {
    /// The result that a success answer states.
    ///
    /// - Throws: ``EventStoreError`` (`io`) where it is not one; the append may have happened.
    static func result(_ answer: HTTPExchangeAnswer) throws(EventStoreError) -> AppendResult {
        do throws(JSONError) {
            let isRepetition = answer.status == 200
            if let read = try AppendAnswer(answer.body, isRepetition: isRepetition) {
                return read.result
            }
        } catch {
            throw unreadable(answer, cause: error)
        }
        throw unreadable(answer, cause: nil)
    }

    private static func unreadable(_ answer: HTTPExchangeAnswer, cause: (any Error)?)
        -> EventStoreError
    {
        EventStoreError(
            .io,
            "\(answer.name) answered \(answer.status) with something that is not the result of an "
                + "append: repeat the append to learn what became of it",
            cause: cause
        )
    }

    /// The error that an answer other than success stands for: the one that a store in this
    /// process would have thrown, wherever there is one.
    static func error(_ answer: HTTPExchangeAnswer, to batch: AppendBatch) -> any Error {
        let refused = RequestRefused(answer)
        guard let problem = refused.problem, let kind = problem.kind else {
            return StoreAnswer.error(refused)
        }
        let error: (any Error)? =
            switch kind {
            case .versionConflict: conflict(problem, batch)
            case .streamDeleted: deleted(problem, isPermanent: false)
            case .streamEnded: deleted(problem, isPermanent: true)
            case .duplicateEvent: duplicate(problem)
            case .partlyRecorded: partlyRecorded(problem)
            case .tooLarge: tooLarge(problem)
            default: nil
            }
        return error ?? StoreAnswer.error(refused)
    }

    private static func conflict(_ problem: ProblemDetails, _ batch: AppendBatch)
        -> VersionConflict?
    {
        // A name that is none cannot be that of a stream of the batch.
        guard let name = problem.text("stream"), let stream = try? StreamName(name),
            let actual = problem.number("actual").flatMap(StreamVersion.init(rawValue:))
        else { return nil }
        // What was expected is known best by whoever expected it.
        let expected = batch.expectations[stream] ?? .any
        return VersionConflict(stream: stream, expected: expected, actual: actual)
    }

    private static func deleted(_ problem: ProblemDetails, isPermanent: Bool) -> StreamDeleted? {
        // A name that is none cannot be that of a stream of the batch.
        guard let name = problem.text("stream"), let stream = try? StreamName(name),
            let version = problem.number("version").flatMap(StreamVersion.init(rawValue:))
        else { return nil }
        return StreamDeleted(stream: stream, version: version, isPermanent: isPermanent)
    }

    private static func duplicate(_ problem: ProblemDetails) -> DuplicateEvent? {
        guard let id = problem.text("id").flatMap({ EventID($0) }),
            let number = problem.number("number").flatMap(EventNumber.init(rawValue:))
        else { return nil }
        return DuplicateEvent(id: id, number: number)
    }

    private static func partlyRecorded(_ problem: ProblemDetails) -> PartlyRecorded? {
        guard case .known(let known)? = problem.fact("known") else { return nil }
        var numbers: [EventID: EventNumber] = [:]
        for event in known {
            guard let id = EventID(event.id), let number = EventNumber(rawValue: event.number)
            else { return nil }
            numbers[id] = number
        }
        return PartlyRecorded(known: numbers)
    }

    private static func tooLarge(_ problem: ProblemDetails) -> LimitExceeded? {
        guard let limit = problem.number("limit"), let size = problem.number("size") else {
            return nil
        }
        let field = problem.text("field") ?? ""
        let exceeded = { (name: String, unit: String, index: Int?) in
            LimitExceeded(
                field: name,
                limit: Int(clamping: limit),
                actual: Int(clamping: size),
                unit: unit,
                eventIndex: index
            )
        }
        // A line is an event of the batch; the wire names members and headers.
        let index = problem.number("line").map { Int(clamping: $0 - 1) } ?? 0
        switch field.lowercased() {
        case "events": return exceeded("append", "events", nil)
        case let field where field.contains("metadata"): return exceeded("metadata", "bytes", index)
        case let field where field.hasPrefix("data"): return exceeded("data", "bytes", index)
        default: return exceeded("append", "bytes", nil)
        }
    }
}

/// Reads the answers of a server back into the errors of a store.
enum StoreAnswer {
    /// The error of a store that a refusal stands for; the refusal itself where there is none.
    static func error(_ refused: RequestRefused) -> any Error {
        let code: EventStoreError.Code
        switch (refused.problem?.kind, refused.status) {
        case (.storageFull, _), (nil, 507): code = .storageFull
        case (_, 408), (_, 425), (_, 429), (_, 502), (_, 503), (_, 504): code = .unavailable
        case (_, 500...): code = .io
        default: return refused
        }
        return EventStoreError(code, refused.description, cause: refused)
    }

    /// The error of a store that a broken exchange stands for.
    static func error(_ broken: ExchangeError) -> EventStoreError {
        let code: EventStoreError.Code =
            switch broken.reason {
            case .connection, .deadline: .unavailable
            default: .io
            }
        return EventStoreError(code, broken.description, cause: broken)
    }
}
