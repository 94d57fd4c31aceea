import EventModel
import GRDB
import Subscriptions

/// Turns what SQLite reports into what a checkpoint store promises to throw.
struct ReadModelTrouble: Sendable {
    let path: String

    /// The canonical path of a read model's file.
    ///
    /// - Throws: `CheckpointStoreError` with code `io`.
    static func canonical(_ path: String) throws(CheckpointStoreError) -> String {
        do throws(EventStoreError) {
            return try FileLock.canonical(path)
        } catch {
            throw CheckpointStoreError(.io, error.message, cause: error)
        }
    }

    /// Takes the lock of a read model's file.
    ///
    /// - Throws: `CheckpointStoreError`: `inUse`, `storageFull` or `io`.
    static func locking(_ path: String) throws(CheckpointStoreError) -> FileLock {
        do throws(EventStoreError) {
            return try FileLock(database: path)
        } catch {
            let code: CheckpointStoreError.Code =
                switch error.code {
                case .inUse: .inUse
                case .storageFull: .storageFull
                default: .io
                }
            throw CheckpointStoreError(code, error.message, cause: error.cause)
        }
    }

    /// Runs `body` and translates what it throws.
    ///
    /// - Parameters:
    ///   - doing: What is tried, as the start of a sentence: "cannot write to".
    ///   - body: What may throw a `DatabaseError`; other errors stay as they are.
    /// - Returns: What the body returns.
    /// - Throws: `CheckpointStoreError`, and what else the body throws.
    func translating<Value>(_ doing: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw translated(error, doing)
        } catch let error as ApplyError {
            // A disk that is full while a row is written is no fault of the event.
            guard let cause = error.cause as? DatabaseError else { throw error }
            let trouble = translated(cause, doing)
            if trouble.code.isPassing { throw trouble }
            throw error
        } catch let error as RowDecodingError {
            throw CheckpointStoreError(
                .corrupt,
                "\(doing) \(path): a stored value cannot have been written by this software",
                cause: error
            )
        }
    }

    private func translated(_ error: DatabaseError, _ doing: String) -> CheckpointStoreError {
        let code = code(for: error)
        let reason = error.message ?? "\(error.resultCode)"
        return CheckpointStoreError(
            code,
            "\(doing) \(path): \(reason)\(advice(for: code))",
            cause: error
        )
    }

    private func code(for error: DatabaseError) -> CheckpointStoreError.Code {
        switch StorageTrouble(path: path).code(for: error) {
        case .storageFull: .storageFull
        case .inUse: .busy
        case .unsupportedSchema: .notADatabase
        case .corrupt where error.resultCode == .SQLITE_CORRUPT: .corrupt
        default: .io
        }
    }

    private func advice(for code: CheckpointStoreError.Code) -> String {
        switch code {
        case .storageFull: "; make room"
        case .busy: "; another program holds a lock on the file, end it"
        case .corrupt: "; restore the file from a backup, or start again with another file"
        case .notADatabase: "; choose another file"
        default: ""
        }
    }
}
