import AccessControl
import EventModel
import HTTPTypes

/// Single events, and what is said about a stream.
extension Exchange {
    /// Answers `/streams/{s}/{n}`.
    func entry(_ stream: StreamName, _ text: String, _ codec: WireCodec) async throws
        -> WireResponse
    {
        let number = try WireNumbers.event(text)
        let form = try form(codec)
        try headers.checkRequiredLeader()
        let isPublic: Bool
        do {
            isPublic = try await demand(.stream(stream, .read))
        } catch is Unauthorized {
            return Self.unauthorizedRead(codec)
        }
        let state = try await store.streamState(stream)
        if let failure = Self.failure(of: state) {
            return WireAnswers.failedRead(failure.status, failure.reason, of: codec)
        }
        guard let event = try await find(number, of: stream) else {
            return WireAnswers.failedRead(404, "Not Found", of: codec)
        }
        let found: ShownEntries
        do {
            found = try await entries(of: [event], form.resolvesLinks)
        } catch is Unauthorized {
            return Self.unauthorizedRead(codec)
        }
        guard let entry = found.entries.first else {
            return WireAnswers.failedRead(404, "Not Found", of: codec)
        }
        if case .broken = entry.link {
            return WireAnswers.failedRead(404, "Not Found", of: codec)
        }
        return try await document(
            entry,
            form,
            state,
            isNewest: number == nil,
            isPublic: isPublic && found.isPublic
        )
    }

    private func find(_ number: Int64?, of stream: StreamName) async throws -> RecordedEvent? {
        if let number { return try await event(number, of: stream) }
        return try await store.readStream(stream, .newest, limit: ReadLimit(events: 1))
            .events.first
    }

    private func document(
        _ entry: WireEntry,
        _ form: PageForm,
        _ state: StreamState,
        isNewest: Bool,
        isPublic: Bool
    ) async throws -> WireResponse {
        let document = try await connection.document(for: nil) {
            WireDocument(
                EntryDocument.render(
                    entry,
                    as: form.codec.entry,
                    embed: form.embed,
                    addresses: addresses
                ),
                isFixed: false
            )
        }
        let caching =
            isNewest
            ? WireCaching.current(seconds: state.metadata.cacheSeconds, isPublic: isPublic)
            : WireCaching.complete(isPublic: isPublic)
        let tag = WireTag.text(number: state.version.rawValue - 1, codec: form.codec)
        return WireAnswers.document(
            document,
            as: form.codec,
            caching: caching,
            tag: isNewest ? tag : nil
        )
    }

    /// 401 with the body that failed reads of one event have.
    private static func unauthorizedRead(_ codec: WireCodec) -> WireResponse {
        var response = WireAnswers.unauthorized
        if codec.isJSON { response.body = Array("{}".utf8) }
        return response
    }

    /// Answers `/streams/{s}/metadata` and `/streams/{s}/metadata/{n}`.
    func metadata(_ name: String, _ text: String, _ codec: WireCodec) async throws
        -> WireResponse
    {
        let stream = try StreamName(name)
        let metadataStream = try Self.metadataStream(of: name)
        let number = try WireNumbers.event(text)
        let form = try form(codec)
        try headers.checkRequiredLeader()
        do {
            try await demand(.stream(stream, .readMetadata))
        } catch is Unauthorized {
            return Self.unauthorizedRead(codec)
        }
        let state = try await store.streamState(stream)
        if state.condition == .tombstoned {
            return WireAnswers.failedRead(410, "Deleted", of: codec)
        }
        guard state.metadataVersion > .empty || state.version > .empty else {
            return WireAnswers.failedRead(404, "Not Found", of: codec)
        }
        guard let event = try await find(number, of: metadataStream),
            let entry = try await entries(of: [event], form.resolvesLinks).entries.first
        else { return noMetadata(codec, isNewest: number == nil) }
        let own = try await store.streamState(metadataStream)
        // What is said about a stream is for those who may read that, so no shared cache keeps it.
        return try await document(entry, form, own, isNewest: number == nil, isPublic: false)
    }

    /// Nothing was said, or it is not read any more: an empty object, or nothing.
    private func noMetadata(_ codec: WireCodec, isNewest: Bool) -> WireResponse {
        WireAnswers.document(
            WireDocument(EntryDocument.noMetadata(as: codec.entry), isFixed: false),
            as: codec,
            caching: isNewest
                ? WireCaching.current(seconds: nil, isPublic: false)
                : WireCaching.complete(isPublic: false),
            tag: nil
        )
    }
}
