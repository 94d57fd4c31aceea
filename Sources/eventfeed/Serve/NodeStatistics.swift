import EventModel
import EventStoreWire
import Foundation
import SQLiteStorage

/// What `/stats` shows: figures about the process, the machine and the store.
struct NodeStatistics {
    let store: SQLiteEventStore
    let startedAt: Timestamp

    /// Reads the figures; what cannot be read is left out.
    func read() async -> [NodeFigure] {
        [
            NodeFigure("proc", .group(process())),
            NodeFigure("sys", .group(machine())),
            NodeFigure("es", .group(await stored())),
        ]
    }

    private func process() -> [NodeFigure] {
        let info = ProcessInfo.processInfo
        var figures = [
            NodeFigure("startTime", .text(startedAt.description)),
            NodeFigure("id", .number(Int64(info.processIdentifier))),
        ]
        if let bytes = Self.memory { figures.append(NodeFigure("mem", .number(bytes))) }
        return figures
    }

    private func machine() -> [NodeFigure] {
        let info = ProcessInfo.processInfo
        var figures = [
            NodeFigure("cpus", .number(Int64(info.activeProcessorCount))),
            NodeFigure("mem", .number(Int64(clamping: info.physicalMemory))),
        ]
        // Left out where the file system does not say it.
        if let bytes = try? store.freeDiskBytes() {
            figures.append(NodeFigure("freeDisk", .number(bytes)))
        }
        return figures
    }

    private func stored() async -> [NodeFigure] {
        var figures = [NodeFigure("waitingAppends", .number(Int64(store.waitingAppends)))]
        // Left out where the store is closing.
        if let head = try? await store.head() {
            figures.append(NodeFigure("head", .number(head.number.rawValue)))
        }
        return figures
    }

    /// Bytes of memory that the process has in use: the second number of `/proc/self/statm`, in
    /// pages.
    private static var memory: Int64? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int64($0) })
        else { return nil }
        return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }
}
