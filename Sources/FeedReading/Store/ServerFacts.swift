import AtomFormat
import EventModel
import FeedPages

/// What a server states about its store.
struct ServerFacts: Sendable {
    let identity: StoreIdentity
    let limits: Limits

    /// Asks for it.
    static func read(from conversation: StoreConversation) async throws -> ServerFacts {
        let service = try await conversation.ask(.service)
        let head = try await conversation.ask(.head(.atom)) {
            // Only the document itself says how large a page is.
            $0.limit(to: .ownPageSize)
        }
        let facts = try conversation.feed(head).facts
        let feed = try atom(head)
        let creation: StoreCreation
        do throws(InvalidCreation) {
            creation = try StoreCreation(
                pageSize: facts.pageSize,
                title: feed.title.value,
                author: feed.authors.first?.name ?? ""
            )
        } catch {
            throw StoreConversation.corrupt(head, error)
        }
        return ServerFacts(
            identity: StoreIdentity(
                epoch: facts.epoch,
                format: facts.format,
                creation: creation,
                createdAt: try await createdAt(conversation, head: facts.scannedTo, feed)
            ),
            limits: try limits(in: service)
        )
    }

    /// A feed document as Atom, for what no `ef:` element says.
    private static func atom(_ answer: HTTPExchangeAnswer) throws(EventStoreError) -> AtomFeed {
        let document: AtomDocument
        do throws(AtomError) {
            document = try AtomParser().parse(answer.body)
        } catch {
            throw StoreConversation.corrupt(answer, error)
        }
        guard case .feed(let feed) = document else {
            throw StoreConversation.corrupt(answer, FeedFormatError(.notAnEventFeed))
        }
        return feed
    }

    /// When the store was created.
    ///
    /// Only a document that reaches to number 0 says so: the empty feed, or a stream before its
    /// first version.
    private static func createdAt(
        _ conversation: StoreConversation,
        head: EventNumber,
        _ feed: AtomFeed
    ) async throws -> Timestamp {
        var updated = feed.updated
        if head > .beginning {
            let first = try await conversation.ask(
                .head(.atom),
                query: FeedQuery(after: .beginning, limit: 1).canonical
            )
            guard let stream = try conversation.feed(first).entries.first?.stream else {
                throw StoreConversation.corrupt(first, FeedFormatError(.notAnEventFeed))
            }
            let query = StreamQuery(form: .atom, range: .before(StreamVersion(1)))
            let before = try await conversation.ask(.stream(stream), query: query.canonical)
            updated = try atom(before).updated
        }
        guard let instant = Timestamp(rfc3339: updated) else {
            throw EventStoreError(.corrupt, "the feed's updated is \(excerpt(updated)), no time")
        }
        return instant
    }

    /// The limits of appends in a service document; the standard ones where it states none.
    private static func limits(in answer: HTTPExchangeAnswer) throws -> Limits {
        var parser = AtomParser()
        parser.extensions = ["urn:eventfeed:1"]
        let document: AtomDocument
        do throws(AtomError) {
            document = try parser.parse(answer.body)
        } catch {
            throw StoreConversation.corrupt(answer, error)
        }
        guard case .service(let service) = document,
            let stated = service.extensions.first(where: {
                $0.name == XMLName("urn:eventfeed:1", "limits")
            })
        else { return .standard }
        func value(_ name: String, _ standard: Int) -> Int {
            stated.attribute(name).flatMap { Int($0) } ?? standard
        }
        let standard = Limits.standard
        return Limits(
            dataBytes: value("data-bytes", standard.dataBytes),
            metadataBytes: value("metadata-bytes", standard.metadataBytes),
            eventsPerAppend: value("append-events", standard.eventsPerAppend),
            bytesPerAppend: value("append-bytes", standard.bytesPerAppend)
        )
    }
}
