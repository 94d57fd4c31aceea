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

/// Ends a rebuild while the disk still has room for whoever else writes to it, the live file's
/// subscriber above all: a new model may be larger than anybody guessed.
struct RebuildSpaceKeeper: SubscriptionObserver {
    /// The live file.
    let path: String
    /// Who is told as well.
    let next: (any SubscriptionObserver)?

    func observe(_ progress: SubscriptionProgress) async throws {
        switch progress {
        case .round, .postponed: try RebuildSpace.require(DatabaseFile.bytes(of: path), at: path)
        case .started, .failed, .superseded: break
        }
        try await next?.observe(progress)
    }
}
