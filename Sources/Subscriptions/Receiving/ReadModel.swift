public import EventModel

/// State made for queries, built from events and from nothing else.
///
/// ## For implementers
/// Everything is synchronous and happens in the transaction that moves the checkpoint: what is
/// written through it happens exactly once. Write nothing elsewhere, read no clock and no random
/// number, so that the same events always give the same rows.
public protocol ReadModel<Transaction>: Sendable {
    /// What rows are written through.
    associatedtype Transaction

    /// What the read model is called, in messages and in its bookkeeping; never changes.
    var name: String { get }

    /// Raised by whoever changes what the rows mean; 1 unless it says otherwise.
    ///
    /// A store whose rows were made under another one is refused until it is rebuilt.
    var revision: Int64 { get }

    /// What the rows are made by, in a form that is equal for equal meaning; kept and compared like
    /// ``revision``. Empty unless it says otherwise.
    var statements: String { get }

    /// The text from which the read model can be made again; nil unless it says otherwise.
    var source: String? { get }

    /// Makes the tables; called once, in the transaction of the first batch.
    ///
    /// - Parameter transaction: What to write through.
    /// - Throws: Anything; nothing of it remains then, and the subscription ends.
    func prepare(_ transaction: Transaction) throws

    /// Writes what one event means.
    ///
    /// - Parameters:
    ///   - event: The event that follows the one before; a filtered subscription skips some.
    ///   - transaction: What to write through.
    /// - Throws: Anything; nothing of the whole batch remains then, and the subscription ends with
    ///   an ``ApplyError`` that names the event.
    func apply(_ event: RecordedEvent, in transaction: Transaction) throws
}

extension ReadModel {
    /// 1.
    public var revision: Int64 { 1 }
    /// Nothing.
    public var statements: String { "" }
    /// None.
    public var source: String? { nil }

    /// What is kept with the checkpoint.
    public var definition: ReadModelDefinition {
        ReadModelDefinition(name: name, revision: revision, statements: statements, source: source)
    }
}

/// One event could not be applied; nothing of its batch was.
public struct ApplyError: Error, CustomStringConvertible {
    /// The read model.
    public let model: String
    /// The number of the event.
    public let number: EventNumber
    /// The stream of the event.
    public let stream: StreamName
    /// The type of the event.
    public let type: EventType
    /// What the read model threw.
    public let cause: any Error

    /// States that an event could not be applied.
    ///
    /// - Parameters:
    ///   - model: The name of the read model.
    ///   - event: The event.
    ///   - cause: What the read model threw.
    public init(model: String, event: RecordedEvent, cause: any Error) {
        self.model = model
        number = event.number
        stream = event.stream
        type = event.type
        self.cause = cause
    }

    /// One sentence that names event and cause.
    public var description: String {
        "read model \(model) failed at event \(number) (\(type) in \(stream)): \(cause)"
    }
}
