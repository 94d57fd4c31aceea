public import EventModel
import Synchronization

/// A feed over HTTP that does something wrong where and when a test says so: for tests of whoever
/// follows feeds.
///
/// It is a real server on 127.0.0.1 and publishes a store: head document, complete pages, what
/// comes after a number, values out of line. Without faults these answers are byte for byte those
/// of `FeedServing` without gzip, so that a `FeedClient` keeps ``EventSourceContract`` with it.
/// What may go wrong is in ``Fault/catalogue``, with what a reader has to report.
///
/// ```swift
/// let faults = [FaultInjection(.slowBody, at: [.page], when: .first(2))]
/// try await FaultyFeed.with(store, faults: faults) { feed in
///     // Follow feed.address; then look at feed.requests.
/// }
/// ```
public struct FaultyFeed: Sendable {
    /// What stands behind the address.
    public enum Kind: Sendable {
        /// A server: it answers queries.
        case server
        /// A plain web server with exported files: it ignores queries.
        case staticCopy
    }

    /// A request, with what it met.
    public struct Request: Sendable {
        /// The method.
        public let method: String
        /// The target: path and query.
        public let target: String
        /// What was asked for; nil for any other address, and on a detour.
        public let place: Fault.Place?
        /// The name of the fault that it met; nil where the answer was right.
        public let fault: String?
        /// The header fields in their order.
        public let fields: [(name: String, value: String)]

        /// The value of the first field with this name, in any case.
        public subscript(name: String) -> String? {
            fields.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    fileprivate struct State {
        var injections: [InjectionState] = []
        var requests: [Request] = []
    }

    /// What the parts of one feed share.
    private final class Log: Sendable {
        let state = Mutex(State())
    }

    /// The address of the head document, for whoever follows the feed.
    public let address: String

    private let server: ScriptedServer
    private let log: Log

    /// The requests so far, in order of their arrival.
    public var requests: [Request] { log.state.withLock { $0.requests } }
    /// Requests that met a fault so far.
    public var strikeCount: Int { log.state.withLock { $0.requests.count { $0.fault != nil } } }
    /// Connections accepted so far.
    public var connectionCount: Int { server.connectionCount }
    /// Bytes that went out so far; see ``ScriptedServer/sentByteCount``.
    public var sentByteCount: Int { server.sentByteCount }

    /// Publishes a store for the length of a closure.
    ///
    /// - Parameters:
    ///   - store: What is published; it may grow meanwhile.
    ///   - kind: What stands behind the address.
    ///   - faults: What goes wrong, where and when; of several that would strike the first does.
    ///   - body: What to do with the feed, which must not leave the closure.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws; an error of the operating system if there is no port.
    @discardableResult
    public static func with<Result: Sendable>(
        _ store: any EventStore,
        as kind: Kind = .server,
        faults: [FaultInjection] = [],
        _ body: (FaultyFeed) async throws -> Result
    ) async throws -> Result {
        let publication = Publication(store: store, isStaticCopy: kind == .staticCopy)
        let log = Log()
        log.state.withLock { $0.injections = faults.map { InjectionState($0) } }
        return try await ScriptedServer.run(
            answering: { await steps(for: $0, publication, log) },
            { server in
                let path = kind == .server ? "/feed" : "/feed.atom"
                return try await body(
                    FaultyFeed(address: server.address + path, server: server, log: log)
                )
            }
        )
    }

    /// Replaces what goes wrong from now on; all counts begin anew.
    ///
    /// - Parameter faults: What goes wrong, where and when; nothing where it is empty.
    public func inject(_ faults: [FaultInjection]) {
        log.state.withLock { $0.injections = faults.map { InjectionState($0) } }
    }

    private static func steps(
        for request: ScriptedServer.Request,
        _ publication: Publication,
        _ log: Log
    ) async -> [ScriptedServer.Step] {
        let detour = Detour(request.target)
        let place =
            detour == nil
            ? Fault.Place(target: request.target, isStaticCopy: publication.isStaticCopy) : nil
        let fault = log.state.withLock { state -> Fault? in
            let fault = place.flatMap { state.draw(at: $0) }
            state.requests.append(
                Request(
                    method: request.method,
                    target: request.target,
                    place: place,
                    fault: fault?.name,
                    fields: request.fields
                )
            )
            return fault
        }
        if let detour {
            if let next = detour.next { return [.answer(302, ["Location: \(next)"])] }
            var request = request
            request.target = detour.target
            return [await publication.answer(to: request).step]
        }
        guard let fault, let place else { return [await publication.answer(to: request).step] }
        return await fault.strike(request, at: place, of: publication)
    }
}

extension FaultyFeed.State {
    /// The fault that strikes next at a place, if one does.
    fileprivate mutating func draw(at place: Fault.Place) -> Fault? {
        var struck: Fault?
        for index in injections.indices {
            let fault = injections[index].draw(at: place, isTaken: struck != nil)
            struck = struck ?? fault
        }
        return struck
    }
}
