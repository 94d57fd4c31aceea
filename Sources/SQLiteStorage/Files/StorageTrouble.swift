import EventModel
import GRDB

/// Turns what SQLite reports into what an event store promises to throw.
struct StorageTrouble: Sendable {
    /// Below this much room an input/output error is taken for a full disk: SQLite says FULL when
    /// a write of its own fails for lack of space, but IOERR when `fsync` or the growth of the
    /// shared-memory file does.
    private static let fullBelow: Int64 = 1 << 20

    let path: String

    /// The error to throw in place of `error`; those of an event store and cancellation stay.
    ///
    /// - Parameters:
    ///   - error: What was thrown.
    ///   - doing: What was tried, as the start of a sentence: "cannot append to".
    /// - Returns: The error to throw.
    func error(for error: any Error, _ doing: String) -> any Error {
        switch error {
        case let error as DatabaseError:
            let code = code(for: error)
            let advice = advice(for: code)
            let reason = error.message ?? "\(error.resultCode)"
            return EventStoreError(code, "\(doing) \(path): \(reason)\(advice)", cause: error)
        case let error as RowDecodingError:
            return EventStoreError(
                .corrupt,
                "\(doing) \(path): a stored value cannot have been written by this software",
                cause: error
            )
        default:
            return error
        }
    }

    /// Runs `body` and translates what it throws.
    func translating<T>(_ doing: String, _ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch {
            throw self.error(for: error, doing)
        }
    }

    func code(for error: DatabaseError) -> EventStoreError.Code {
        switch error.resultCode {
        case .SQLITE_FULL: .storageFull
        case .SQLITE_IOERR: isFull ? .storageFull : .io
        case .SQLITE_CORRUPT, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH: .corrupt
        case .SQLITE_NOTADB: .unsupportedSchema
        case .SQLITE_BUSY, .SQLITE_LOCKED: .inUse
        case .SQLITE_MISUSE: .closed
        default: .io
        }
    }

    private func advice(for code: EventStoreError.Code) -> String {
        switch code {
        case .storageFull: "; make room, then repeat"
        case .inUse: "; another program holds a lock on the file, end it"
        case .corrupt: "; restore the file from a backup"
        case .unsupportedSchema: "; choose another file"
        default: ""
        }
    }

    private var isFull: Bool {
        // Where even this question fails, the error stays one of input and output.
        (try? DiskSpace.freeBytes(at: path)).map { $0 < Self.fullBelow } ?? false
    }
}
