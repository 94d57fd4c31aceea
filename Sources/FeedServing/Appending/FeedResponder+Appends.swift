import AccessControl
import EventModel
import FeedPages
import HTTPTypes
import NIOCore

/// `POST /events`, `POST /feed/streams/{name}`, `POST /feed`.
extension FeedResponder {
    private static let linesTypes = [
        "application/x-ndjson", "application/jsonl", "application/json",
    ]
    private static let entryType = "application/atom+xml"

    /// Answers an append.
    func append(
        _ address: FeedAddress,
        _ request: FeedRequest,
        _ body: any RequestBody,
        from caller: Caller
    ) async throws -> FeedResponse {
        try StreamQuery.refuseAll(request.query)
        let headers = AppendHeaders(request: request)
        try headers.checkCoding()
        switch address {
        case .events:
            return try await appendLines(headers, body, caller)
        case .stream(let name):
            return try await appendToStream(name, headers, body, caller)
        default:
            let type = try headers.mediaType(accepted: [Self.entryType + ";type=entry"])
            guard Self.isEntry(type) else {
                throw AppendHeaders.unsupported(
                    given: type.text,
                    accepted: [Self.entryType + ";type=entry"]
                )
            }
            return try await appendEntry(stream: nil, headers, body, caller)
        }
    }

    private func appendLines(
        _ headers: AppendHeaders,
        _ body: any RequestBody,
        _ caller: Caller
    ) async throws -> FeedResponse {
        try headers.refuseConditions()
        let type = try headers.mediaType(accepted: Self.linesTypes)
        guard Self.linesTypes.contains(type.essence) else {
            throw AppendHeaders.unsupported(given: type.text, accepted: Self.linesTypes)
        }
        let bounded = try bounded(body, field: "body", limit: wire.appendBytes)
        var reader = EventLinesReader(limits: wire)
        try await bounded.forEach { try reader.read($0.readableBytesView) }
        let submitted = try reader.finish()
        let result = try await record(submitted, from: caller)
        return response(to: submitted, result)
    }

    private func appendToStream(
        _ name: StreamName,
        _ headers: AppendHeaders,
        _ body: any RequestBody,
        _ caller: Caller
    ) async throws -> FeedResponse {
        let type = try headers.dataMediaType()
        if type.essence == Self.entryType {
            guard Self.isEntry(type) else {
                throw AppendHeaders.unsupported(
                    given: type.text,
                    accepted: [Self.entryType + ";type=entry"]
                )
            }
            return try await appendEntry(stream: name, headers, body, caller)
        }
        let expected = try headers.expectation()
        let eventType = try headers.eventType()
        let id = try headers.eventID()
        let metadata = try headers.metadata(limits: wire)
        let bounded = try bounded(
            body,
            field: "data",
            limit: min(wire.store.dataBytes, wire.appendBytes)
        )
        let event = NewEvent(
            id: id,
            stream: name,
            type: eventType,
            data: Payload(try await bounded.bytes(), mediaType: type),
            metadata: metadata
        )
        let submitted = SubmittedEvents(events: [event], expectations: [name: expected])
        return response(to: submitted, try await record(submitted, from: caller))
    }

    private func appendEntry(
        stream: StreamName?,
        _ headers: AppendHeaders,
        _ body: any RequestBody,
        _ caller: Caller
    ) async throws -> FeedResponse {
        try headers.refuseEventFields()
        let expected = try headers.expectation()
        let bounded = try bounded(body, field: "body", limit: wire.appendBytes)
        let event = try NewEvent.entry(try await bounded.bytes(), stream: stream, limits: wire)
        let submitted = SubmittedEvents(events: [event], expectations: [event.stream: expected])
        let result = try await record(submitted, from: caller)
        var response = response(to: submitted, result)
        let entry = Self.render(try await document(of: result.first), .atom)
        response.fields[.contentType] = FeedForm.atom.entryMediaType
        response.fields[.contentLocation] = response.fields[.location]
        response.fields[.eTag] = entry.tag.description
        response.body = entry.body
        return response
    }

    /// Whether a media type is that of an entry; without the parameter `type` it is.
    private static func isEntry(_ type: MediaType) -> Bool {
        guard type.essence == entryType else { return false }
        let ranges = AcceptList(type.text).ranges
        let parameter = ranges.first?.parameters.first { $0.name == "type" }?.value.lowercased()
        return parameter == nil || parameter == "entry"
    }

    private func bounded(_ body: any RequestBody, field: String, limit: Int) throws -> BoundedBody {
        try BoundedBody(body, field: field, limit: limit, budget: bodies)
    }

    /// Gives the events to the store; its refusals get the facts that only the request knows.
    private func record(_ submitted: SubmittedEvents, from caller: Caller) async throws
        -> AppendResult
    {
        try await checkRights(of: caller, toAppend: submitted.events)
        let batch = try submitted.batch(limits: wire.store)
        do {
            return try await store.append(batch)
        } catch let conflict as VersionConflict {
            throw FailedAppend(conflict, submitted)
        } catch let deleted as StreamDeleted {
            throw FailedAppend(deleted, submitted)
        } catch let duplicate as DuplicateEvent {
            let stored = try await store.event(duplicate.number)
            throw FailedAppend(duplicate, stream: stored?.stream, submitted)
        } catch let partly as PartlyRecorded {
            throw FailedAppend(partly, submitted)
        }
    }

    /// 201, or 200 for a repetition, with where the events are.
    private func response(to submitted: SubmittedEvents, _ result: AppendResult) -> FeedResponse {
        let location = (configuration.baseURL ?? "") + "/events/\(result.first)"
        var fields: HTTPFields = [
            .contentType: "application/json",
            .cacheControl: CachePolicy.never,
            .location: location,
            .eventFeedEpoch: identity.epoch.description,
            .eventFeedNumber: result.last.description,
        ]
        if result.versions.count == 1, let version = result.versions.values.first {
            fields[.eventFeedVersion] = version.description
        }
        return FeedResponse(
            result.wasAlreadyRecorded ? 200 : 201,
            fields: fields,
            body: ByteBuffer(bytes: AppendAnswer(result, streams: submitted.streams).render())
        )
    }
}
