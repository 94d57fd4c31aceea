import EventModel
import Subscriptions

/// The wish to own a read model's file that another process owns.
///
/// It is a lock beside the owner's lock, so that it ends with the process that holds it, however
/// that ends: the owner sees it between two batches and gives the file up, and whoever starts
/// meanwhile waits.
public struct Takeover: Sendable {
    private let wish: FileLock

    /// Asks for a file.
    ///
    /// - Parameter path: The file.
    /// - Throws: `CheckpointStoreError`: `inUse` where another process asks for the same; `io`.
    public init(of path: String) throws {
        do throws(EventStoreError) {
            wish = try FileLock(database: Self.wishPath(for: try FileLock.canonical(path)))
        } catch {
            let isAsked = error.code == .inUse
            throw CheckpointStoreError(
                isAsked ? .inUse : .io,
                isAsked
                    ? "another process is about to take \(path) over: wait until it is done"
                    : error.message,
                cause: error
            )
        }
    }

    /// Asks no longer.
    public func end() {
        wish.release()
    }

    /// Whether a process asks for a file now.
    ///
    /// - Parameter path: The file, in any spelling; it need not exist.
    /// - Returns: True from when it asks until it owns the file no longer, or has died.
    /// - Throws: `CheckpointStoreError` with code `io` where its folder is missing.
    public static func isRequested(ofFile path: String) throws -> Bool {
        isRequested(try ReadModelTrouble.canonical(path))
    }

    /// Whether a process asks for the file with a canonical path now.
    static func isRequested(_ path: String) -> Bool {
        FileLock.holder(ofDatabase: wishPath(for: path)) != nil
    }

    private static func wishPath(for path: String) -> String { path + ".takeover" }
}
