import Crypto
import Foundation
import Synchronization

/// Makes and checks password hashes, few at a time.
///
/// A hash is made to cost time and memory. Two run at the same time, on threads of their own, so
/// that neither the tasks of the process nor its memory (2 × 16 MiB) suffer from whoever guesses
/// passwords; 64 wait, more are refused. Checks of the same password against the same hash that
/// arrive together are one.
public final class PasswordHasher: Sendable {
    /// Hashes that are computed at the same time: 2.
    public static let concurrent = 2
    /// Hashes that wait for their turn, beyond which ``PasswordHasher/Busy`` is thrown: 64.
    public static let waiting = 64

    /// Too many passwords wait to be checked already.
    public struct Busy: Error, Hashable, Sendable, CustomStringConvertible {
        /// One sentence that says what to do.
        public var description: String {
            "\(PasswordHasher.waiting) passwords wait to be checked already: try again later"
        }
    }

    /// Names a check, so that equal ones are made once.
    typealias Key = Data

    private enum Outcome: Sendable {
        case checked(Bool)
        case hashed(PasswordHash)
    }

    private typealias Waiter = CheckedContinuation<Outcome, any Error>
    private typealias Work = @Sendable () throws -> Outcome

    private struct State {
        /// Threads that run.
        var running = 0
        /// What waits, in order.
        var queue: [(key: Key, work: Work)] = []
        /// Who waits for what, running or not; by ticket.
        var waiters: [Key: [UInt64: Waiter]] = [:]
        /// Tickets of callers that have not come to wait yet.
        var arriving: Set<UInt64> = []
        var nextTicket: UInt64 = 0
        /// How many hashes were computed.
        var computed = 0
    }

    private let state = Mutex(State())
    let cost: PasswordHash.Cost

    /// Makes a hasher that does nothing yet.
    public init() {
        cost = .standard
    }

    /// Makes one whose hashes cost what tests can pay.
    package init(rounds: Int) {
        cost = PasswordHash.Cost(rounds: rounds, blockSize: 8, parallelism: 1)
    }

    /// How many hashes were computed so far.
    package var computed: Int { state.withLock(\.computed) }

    /// Hashes a password with a new salt.
    ///
    /// - Parameter password: The password.
    /// - Returns: The hash.
    /// - Throws: ``InvalidUser``; ``Busy``; `CancellationError`.
    public func hash(_ password: String) async throws -> PasswordHash {
        try UserRules.checkPassword(password)
        let unique = SymmetricKey(size: .bits256).withUnsafeBytes { Key($0) }
        let outcome = try await run(unique) { [cost] in
            .hashed(try PasswordHash(of: password, cost: cost))
        }
        guard case .hashed(let hash) = outcome else { throw CancellationError() }
        return hash
    }

    /// Says whether a password is the one.
    ///
    /// - Parameters:
    ///   - hash: What proves the password.
    ///   - password: The password that somebody gave.
    /// - Returns: Whether it is the one.
    /// - Throws: ``Busy``; `CancellationError`.
    public func matches(_ hash: PasswordHash, _ password: String) async throws -> Bool {
        let unique = SymmetricKey(size: .bits256).withUnsafeBytes { Key($0) }
        return try await matches(hash, password, key: unique)
    }

    /// As ``matches(_:_:)``, once for all who come with an equal key.
    func matches(_ hash: PasswordHash, _ password: String, key: Key) async throws -> Bool {
        let outcome = try await run(key) { .checked(try hash.matches(password)) }
        guard case .checked(let isRight) = outcome else { return false }
        return isRight
    }

    private func run(_ key: Key, _ work: @escaping Work) async throws -> Outcome {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            state.arriving.insert(state.nextTicket)
            return state.nextTicket
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                let entry = enter(key, ticket, waiter, work)
                switch entry {
                case .success(true): startThread()
                case .success(false): break
                case .failure(let error): waiter.resume(throwing: error)
                }
            }
        } onCancel: {
            cancel(key, ticket)
        }
    }

    /// Puts a caller among those who wait; the result says whether a thread must be started.
    private func enter(_ key: Key, _ ticket: UInt64, _ waiter: Waiter, _ work: @escaping Work)
        -> Result<Bool, any Error>
    {
        state.withLock { state in
            guard state.arriving.remove(ticket) != nil else {
                return .failure(CancellationError())
            }
            if state.waiters[key] != nil {
                state.waiters[key]?[ticket] = waiter
                return .success(false)
            }
            guard state.running < Self.concurrent || state.queue.count < Self.waiting else {
                return .failure(Busy())
            }
            state.waiters[key] = [ticket: waiter]
            state.queue.append((key, work))
            guard state.running < Self.concurrent else { return .success(false) }
            state.running += 1
            return .success(true)
        }
    }

    private func cancel(_ key: Key, _ ticket: UInt64) {
        let waiter = state.withLock { state -> Waiter? in
            guard state.arriving.remove(ticket) == nil else { return nil }
            return state.waiters[key]?.removeValue(forKey: ticket)
        }
        waiter?.resume(throwing: CancellationError())
    }

    /// Computes what waits until nothing does.
    ///
    /// A hash holds its thread for 50 ms; those of Swift's tasks are too few for that.
    private func startThread() {
        Thread.detachNewThread { [self] in
            while let (key, work) = next() {
                let result = Result { try work() }
                let waiters = state.withLock { state in
                    state.computed += 1
                    return state.waiters.removeValue(forKey: key) ?? [:]
                }
                for waiter in waiters.values { waiter.resume(with: result) }
            }
        }
    }

    /// What to compute next; nil ends the thread.
    private func next() -> (Key, Work)? {
        state.withLock { state in
            while !state.queue.isEmpty {
                let (key, work) = state.queue.removeFirst()
                // Nobody waits any more where all were cancelled.
                if state.waiters[key]?.isEmpty == false { return (key, work) }
                state.waiters[key] = nil
            }
            state.running -= 1
            return nil
        }
    }
}
