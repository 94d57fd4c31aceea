import NIOPosix
import Synchronization
import SystemPackage

/// Reads batches of lines where waiting for them holds up nobody else.
final class LineSource: Sendable {
    /// How long one wait for input takes, in milliseconds; then a cancellation is noticed.
    private static let patience: Int32 = 100

    private let batches: Mutex<LineBatches>

    /// Prepares to read; nothing is read yet.
    ///
    /// - Parameters:
    ///   - file: What to read.
    ///   - limit: Lines in a batch at the most.
    init(_ file: FileDescriptor, limit: Int) {
        batches = Mutex(LineBatches(file, limit: limit))
    }

    /// The next batch, or nil at the end of the input; one caller at a time.
    ///
    /// - Throws: ``CommandError``; `CancellationError`, soon after the task was cancelled.
    func next() async throws -> LineBatch? {
        while true {
            try Task.checkCancellation()
            // The threads of concurrency are not there to wait for a pipe.
            let step = try await NIOThreadPool.singleton.runIfActive { [self] in
                try batches.withLock { try $0.next(within: Self.patience) }
            }
            switch step {
            case .batch(let batch): return batch
            case .waiting: continue
            case .end: return nil
            }
        }
    }
}
