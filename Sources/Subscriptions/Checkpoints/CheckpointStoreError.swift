/// The place where a checkpoint is kept cannot do what was asked.
public struct CheckpointStoreError: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Name: String, Sendable {
            case inUse, busy, conflict, filterChanged, modelChanged, unsupportedSchema, notADatabase
            case storageFull, corrupt, io, missing, parkFull, setupFailed, invalidModels
        }

        private let name: Name

        /// Another process, or another part of this one, owns the store.
        public static let inUse = Code(name: .inUse)
        /// Another program holds the database's lock just now.
        ///
        /// Nothing was changed, and the same call succeeds later.
        public static let busy = Code(name: .busy)
        /// The checkpoint is not the one that the caller believed; nothing was changed.
        public static let conflict = Code(name: .conflict)
        /// The checkpoint was made with another filter.
        public static let filterChanged = Code(name: .filterChanged)
        /// The rows were made by another read model.
        public static let modelChanged = Code(name: .modelChanged)
        /// A newer version of this software wrote the bookkeeping.
        public static let unsupportedSchema = Code(name: .unsupportedSchema)
        /// The file is there and is something else; it was not touched.
        public static let notADatabase = Code(name: .notADatabase)
        /// The disk is full; nothing was changed, and the same call succeeds once there is space.
        public static let storageFull = Code(name: .storageFull)
        /// What was read cannot have been written.
        public static let corrupt = Code(name: .corrupt)
        /// The operating system refused to read or write.
        public static let io = Code(name: .io)
        /// There is no such store.
        public static let missing = Code(name: .missing)

        /// As much is parked as may be; nothing was changed.
        public static let parkFull = Code(name: .parkFull)
        /// The tables of a read model cannot be made; nothing was changed.
        public static let setupFailed = Code(name: .setupFailed)
        /// Read models that cannot live in one database, or one that nobody here can make.
        public static let invalidModels = Code(name: .invalidModels)

        /// Whether it passes without anybody changing what is asked for.
        public var isPassing: Bool { self == .busy || self == .storageFull }

        /// The code's name.
        public var description: String { name.rawValue }
    }

    /// What kind of trouble it is.
    public let code: Code
    /// One sentence for people: what happened to what, and what to do.
    public let message: String
    /// The error underneath, for logs.
    public let cause: (any Error)?

    /// States what kind of trouble it is.
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
