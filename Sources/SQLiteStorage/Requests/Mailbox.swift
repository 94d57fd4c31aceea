import EventModel
import Foundation
public import Subscriptions

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What the owner of a read model's file answers to a request.
public enum OwnerAnswer: Hashable, Sendable, Codable {
    /// What became of parked events that were tried again.
    case retried(RetryReport)
    /// So many parked events were given up.
    case discarded(Int64)
    /// It could not be done, for this reason.
    case failed(String)
}

/// How other processes ask something of the process that owns a read model's file.
///
/// A folder beside the file, made by the first who asks, holds one small file for each request and
/// one for each answer, put there whole by a rename. The owner looks between two batches. Requests
/// and answers of processes that have died are removed. An owner that dies before it answered
/// leaves no request behind: whoever asked learns it when the time is over.
struct Mailbox: Sendable {
    /// Bytes of a request or an answer at the most.
    static let messageBytes = 64 << 10
    /// Requests that are looked at in one go; the others wait for the next look.
    static let requestsAtOnce = 16
    /// Between two looks for the answer.
    private static let pause = Duration.milliseconds(20)

    /// The canonical path of the read model's file.
    let path: String

    private var folder: String { path + ".requests" }

    /// Asks the owner and waits for its answer.
    ///
    /// - Parameters:
    ///   - request: What to ask.
    ///   - timeout: How long to wait.
    /// - Returns: The answer.
    /// - Throws: `CheckpointStoreError`: `busy` where no answer came in time, and then the request
    ///   is withdrawn; `io`. `CancellationError`.
    func ask(_ request: ParkedRequest, timeout: Duration) async throws -> OwnerAnswer {
        try makeFolder()
        let name = "\(getpid())-\(UInt64.random(in: 0 ... .max))"
        let question = "\(folder)/\(name).request"
        let answer = "\(folder)/\(name).answer"
        try Self.put(try JSONEncoder().encode(request), at: question)
        defer {
            unlink(question)
            unlink(answer)
            // Succeeds for whoever is the last.
            rmdir(folder)
        }
        let end = ContinuousClock.now + timeout
        while ContinuousClock.now < end {
            if let data = Self.read(answer) {
                return try JSONDecoder().decode(OwnerAnswer.self, from: data)
            }
            try await Task.sleep(for: Self.pause)
        }
        throw CheckpointStoreError(
            .busy,
            "the process that owns \(path) did not answer in \(timeout / .seconds(1)) s; it "
                + "answers between two batches, so try again with more time"
        )
    }

    /// Answers what was asked so far.
    ///
    /// - Parameter body: Does what is asked.
    /// - Throws: `CheckpointStoreError` with code `io` where an answer cannot be written.
    func answer(_ body: (ParkedRequest) async -> OwnerAnswer) async throws {
        // There is no folder unless somebody asks. One that this process may not write to could
        // not be answered in, and whoever asks learns that when the time is over.
        guard access(folder, R_OK | W_OK | X_OK) == 0,
            let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
        else { return }
        for name in names where !Self.isAlive(name) {
            // Lost if it fails: some bytes on the disk.
            unlink("\(folder)/\(name)")
        }
        let requests = names.filter { $0.hasSuffix(".request") && Self.isAlive($0) }.sorted()
        for name in requests.prefix(Self.requestsAtOnce) {
            guard let data = Self.read("\(folder)/\(name)") else { continue }
            // Removed before it is done: what ends the process must not do so again and again.
            unlink("\(folder)/\(name)")
            let answer: OwnerAnswer
            do {
                answer = await body(try JSONDecoder().decode(ParkedRequest.self, from: data))
            } catch {
                answer = .failed("the request cannot be read: \(error)")
            }
            try Self.put(
                try JSONEncoder().encode(answer),
                at: "\(folder)/\(name.dropLast(".request".count)).answer"
            )
        }
    }

    /// Makes the folder, in the name of whoever owns the file, who has to write to it.
    private func makeFolder() throws {
        guard mkdir(folder, 0o755) != 0 else {
            var entry = stat()
            if stat(path, &entry) == 0 {
                // Lost unless this is the superuser: then both are the same anyway.
                _ = chown(folder, entry.st_uid, entry.st_gid)
            }
            return
        }
        guard errno == EEXIST else {
            throw CheckpointStoreError(
                .io,
                "\(folder) cannot be made, in which the owner is asked: "
                    + String(cString: strerror(errno))
            )
        }
    }

    /// Whether the process that a file is named after is alive.
    private static func isAlive(_ name: String) -> Bool {
        guard let process = Int32(name.prefix { $0 != "-" }), process > 0 else { return false }
        return kill(process, 0) == 0 || errno == EPERM
    }

    /// Reads a file, if it is there and not too large.
    private static func read(_ file: String) -> Data? {
        guard access(file, R_OK) == 0, let data = FileManager.default.contents(atPath: file),
            data.count <= messageBytes
        else { return nil }
        return data
    }

    /// Puts a file where it is to be, whole.
    private static func put(_ data: Data, at target: String) throws {
        let part = target + ".part"
        do {
            try data.write(to: URL(fileURLWithPath: part))
        } catch {
            throw CheckpointStoreError(.io, "\(part) cannot be written: \(error)", cause: error)
        }
        guard rename(part, target) == 0 else {
            throw CheckpointStoreError(
                .io,
                "\(target) cannot be written: \(String(cString: strerror(errno)))"
            )
        }
    }
}

extension SQLiteReadModelStore {
    /// Looks once whether somebody wants something of the store's owner, and does it.
    ///
    /// - Parameter retry: Tries parked events again.
    /// - Returns: True if somebody wants to take the file over.
    /// - Throws: `CheckpointStoreError` where an answer cannot be written.
    public func attend(
        _ retry: @Sendable (ParkedSelection) async throws -> RetryReport
    ) async throws -> Bool {
        try await Mailbox(path: path).answer { await perform($0, retry) }
        return Takeover.isRequested(path)
    }

    /// Does what was asked about parked events.
    ///
    /// - Parameters:
    ///   - request: What was asked.
    ///   - retry: Tries parked events again.
    /// - Returns: What became of it.
    public func perform(
        _ request: ParkedRequest,
        _ retry: (ParkedSelection) async throws -> RetryReport
    ) async -> OwnerAnswer {
        do {
            switch request {
            case .retry(let selection): return .retried(try await retry(selection))
            case .discard(let selection): return .discarded(try await discardParked(selection))
            }
        } catch {
            return .failed("\(error)")
        }
    }
}
