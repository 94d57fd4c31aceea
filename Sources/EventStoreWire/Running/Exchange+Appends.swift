import AccessControl
import EventModel
import HTTPTypes

/// Appends and deletions.
extension Exchange {
    /// Answers a POST.
    func append(_ route: WireRoute) async throws -> WireResponse {
        let asked: AppendRequest
        switch route {
        case .stream(let name):
            let codec = try AppendRequest.codec(request.fields, WireCodec.streamWrites)
            let stream = try StreamName(name)
            switch try AppendRequest.ofStream(stream, codec, headers) {
            case .append(let read): asked = read
            case .needsID:
                let id = EventID(UUIDBytes.random())
                return WireAnswers.forward(to: addresses.stream(name) + "/incoming/\(id)")
            }
        case .incoming(let name, let id):
            let codec = try AppendRequest.codec(request.fields, WireCodec.idempotentWrites)
            asked = try AppendRequest.incoming(try StreamName(name), id: id, codec, headers)
        case .metadata(let name):
            let codec = try AppendRequest.codec(request.fields, WireCodec.writes)
            asked = try AppendRequest.metadata(try StreamName(name), codec, headers)
        default:
            // `$all` is no stream that anybody may append to.
            throw Unauthorized()
        }
        try await demand(.stream(asked.stream, .write))
        return try await record(asked)
    }

    private func record(_ asked: AppendRequest) async throws -> WireResponse {
        let bytes = try await body(
            limit: min(asked.bodyLimit(store.limits), interface.settings.bodyBytes)
        )
        let events = try asked.events(bytes, limits: store.limits)
        // What events delete takes more than the right to append them.
        let needed = ProtectedResource.needed(toAppend: events)
        if try await interface.access?.refused(caller, among: needed) != nil {
            throw Unauthorized()
        }
        let batch = try AppendBatch(
            events,
            expecting: [asked.stream: asked.expected.version],
            ids: .stream,
            limits: store.limits
        )
        let result: AppendResult
        do {
            result = try await store.append(batch)
        } catch is PartlyRecorded {
            let state = try await store.streamState(asked.stream)
            return WireFailure.wrongNumber(last: state.version.rawValue - 1, headers)
        }
        let first = (result.firstVersions[asked.stream]?.rawValue ?? 1) - 1
        return WireAnswers.created(addresses.event(asked.stream.text, first))
    }

    /// Reads a body; that it is too large is said in the product's words, all else by the server.
    func body(limit: Int) async throws -> [UInt8] {
        do {
            return try await connection.body(limit: limit)
        } catch let error as LimitExceeded {
            throw error
        } catch {
            throw BodyUnread(cause: error)
        }
    }

    /// Answers a DELETE.
    func delete(_ route: WireRoute) async throws -> WireResponse {
        guard case .stream(let name) = route else { throw Unauthorized() }
        let stream = try StreamName(name)
        let expected = try headers.expectedNumber()
        try headers.checkRequiredLeader()
        let isPermanent = try headers.deletesForEver()
        try await demand(.stream(stream, .delete))
        let done = WireAnswers.outcome(204, "Stream deleted")
        let state = try await store.streamState(stream)
        if !isPermanent, state.condition == .deleted {
            // It is already as asked, unless something else was expected of it.
            guard try expected.version.holds(for: state, of: stream) else {
                return WireFailure.wrongNumber(last: state.version.rawValue - 1, headers)
            }
            return done
        }
        let event =
            isPermanent
            ? NewEvent.tombstone(of: stream) : try NewEvent.deletion(of: stream)
        let batch = try AppendBatch(
            [event],
            expecting: [stream: expected.version],
            limits: store.limits
        )
        try await store.append(batch)
        return done
    }
}

extension AppendRequest {
    /// The longest body that is read: lists take more room than the events in them.
    func bodyLimit(_ limits: Limits) -> Int {
        switch form {
        case .data: limits.dataBytes
        // Escapes and indents at most treble what is stored of ordinary text.
        case .jsonList, .xmlList, .lines: 2 * limits.bytesPerAppend
        }
    }
}
