public import EventModel
import GRDB

extension SQLiteEventStore {
    /// Declares that the history in a file may have forked, by giving it another epoch.
    ///
    /// It is for whoever restored a backup that may lack acknowledged events: subscribers that
    /// have seen those must not go on as if nothing had happened, and stop when they meet an epoch
    /// that they do not know. Events, numbers and chain stay as they are. The change is one
    /// transaction: the file has the old epoch or the new one.
    ///
    /// - Parameter path: The file of an existing store that no process writes.
    /// - Returns: The epoch before and the random one that replaced it.
    /// - Throws: `EventStoreError` as ``open(path:creation:limits:logger:now:)``, and `io` where
    ///   there is no file.
    public static func newEpoch(path: String) throws -> (old: Epoch, new: Epoch) {
        // Checked first, since opening for writing would create a store.
        _ = try StoreFile.requireContent(path)
        let file = try StoreFile(writing: path, schema: .current) { _ in
            throw EventStoreError(.io, "there is no event store at \(path)")
        }
        let new = Epoch.random()
        let old = try file.trouble.translating("cannot change the epoch of") {
            try file.connections.write { db in
                let old = try StoredIdentity.load(db, file.path).epoch
                try StoredIdentity.replaceEpoch(with: new, db)
                return old
            }
        }
        try file.close()
        return (old, new)
    }
}
