import EventModel
import Foundation
import Subscriptions

/// The room that copies of a read model need on the disk.
enum RebuildSpace {
    /// What is left over beside what the copies need: 16 MiB, a write-ahead log.
    static let reserve: Int64 = 16 << 20

    /// Bytes of a database and of its log; none where there is none.
    static func bytes(of path: String) -> Int64 {
        [path, path + "-wal"].reduce(0) { sum, path in
            // There need be no file, and then it has no bytes.
            let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64
            return sum + (size.flatMap { $0 } ?? 0)
        }
    }

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
