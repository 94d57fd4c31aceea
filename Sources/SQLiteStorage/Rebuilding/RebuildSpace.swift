import EventModel
import Subscriptions

/// The room that copies of a read model need on the disk.
enum RebuildSpace {
    /// What is left over beside what the copies need: 16 MiB, a write-ahead log.
    static let reserve: Int64 = 16 << 20

    /// Throws where the disk has not the room.
    ///
    /// - Parameters:
    ///   - bytes: What is needed, without the reserve.
    ///   - path: A file on the disk.
    /// - Throws: `CheckpointStoreError` with code `storageFull`, or `io` where nobody can say.
    static func require(_ bytes: Int64, at path: String) throws {
        let free: Int64
        do throws(EventStoreError) {
            free = try DiskSpace.freeBytes(at: path)
        } catch {
            throw CheckpointStoreError(.io, error.message, cause: error)
        }
        guard free >= bytes + reserve else {
            throw CheckpointStoreError(
                .storageFull,
                "the disk of \(path) has \(free) bytes free, a rebuild needs \(bytes + reserve) "
                    + "for the new model and a copy of the old one: make room"
            )
        }
    }
}
