/// The store itself cannot do what was asked; the events are not at fault.
public struct EventStoreError: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String, Sendable {
            case storageFull, unavailable, closed, readOnly, inUse, unsupportedSchema, corrupt, io
            case unsupported
        }

        private let kind: Kind

        /// The disk is full.
        ///
        /// Nothing was recorded; the same append succeeds once there is space.
        public static let storageFull = Code(kind: .storageFull)
        /// Too many appends wait already.
        ///
        /// Nothing was recorded; try again later.
        public static let unavailable = Code(kind: .unavailable)
        /// The store was closed or is closing.
        public static let closed = Code(kind: .closed)
        /// The store was opened for reading only.
        public static let readOnly = Code(kind: .readOnly)
        /// Another process or another part of this one is the store's writer.
        public static let inUse = Code(kind: .inUse)
        /// The file was written by other software, or by a version that this one does not know.
        public static let unsupportedSchema = Code(kind: .unsupportedSchema)
        /// What was read cannot have been written.
        public static let corrupt = Code(kind: .corrupt)
        /// The operating system refused to read or write.
        public static let io = Code(kind: .io)

        /// The store has no way to do what was asked.
        public static let unsupported = Code(kind: .unsupported)

        /// The code's name.
        public var description: String { kind.rawValue }
    }

    /// What kind of trouble it is.
    public let code: Code
    /// One sentence for people: what happened to what, and what to do.
    public let message: String
    /// The error underneath, for logs.
    public let cause: (any Error)?

    /// States that the store cannot do what was asked.
    ///
    /// - Parameters:
    ///   - code: What kind of trouble it is.
    ///   - message: One sentence for people.
    ///   - cause: The error underneath.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The message.
    public var description: String { message }
}

/// A read that starts after a number which the history does not have (yet).
///
/// With the epoch expected it means a server that lags; with another one, another history.
public struct AfterHead: Error, Hashable, Sendable, CustomStringConvertible {
    /// The number to read after.
    public let after: EventNumber
    /// The highest number there is.
    public let head: EventNumber
    /// The history that was asked.
    public let epoch: Epoch

    /// States that a history ends before a number.
    ///
    /// - Parameters:
    ///   - after: The number to read after.
    ///   - head: The highest number there is.
    ///   - epoch: The history that was asked.
    public init(after: EventNumber, head: EventNumber, epoch: Epoch) {
        self.after = after
        self.head = head
        self.epoch = epoch
    }

    /// One sentence with both numbers.
    public var description: String {
        "event \(after) is beyond the head, which is \(head) in epoch \(epoch)"
    }
}
