import AtomFormat
import EventModel
import FeedPages
import FoundationEssentials
import Subscriptions

/// A feed document with where it came from.
struct FeedFile: Sendable {
    var feed: ParsedFeed
    var fetched: FetchedDocument
}

extension FeedClient {
    /// The feed, found on first use.
    func located() async throws -> FeedMemory.Feed {
        if let feed = memory.feed { return feed }
        let head = try await readHead()
        return memory.feed ?? feed(of: head)
    }

    /// Reads the head document, wherever the address given leads to it, and notes what it says.
    func readHead() async throws -> FeedFile {
        let isFirst = memory.feed == nil
        var fetched = try await fetchStart(reader.start, isFirst: isFirst)
        if fetched.mediaType == ServiceDocument.mediaType || Self.isService(fetched) {
            let reference: String
            do throws(FeedFormatError) {
                reference = try ServiceDocument.feedReference(in: fetched.bytes)
            } catch {
                throw SourceError(error, at: fetched.name, isFirst: isFirst)
            }
            guard let address = URL(string: reference, relativeTo: fetched.address)?.absoluteURL,
                Origin(address) == Origin(fetched.address)
            else {
                throw SourceError(
                    .unusableAddress,
                    "\(fetched.name) leads to \(excerpt(reference)), another origin: give the "
                        + "feed's own address"
                )
            }
            fetched = try await fetchStart(address, isFirst: isFirst)
        }
        let head = FeedFile(feed: try parse(fetched, isFirst: isFirst), fetched: fetched)
        let facts = head.feed.facts
        guard facts.isWhole, facts.head == facts.scannedTo else {
            throw SourceError(
                isFirst ? .notAnEventFeed : .malformedDocument,
                "\(fetched.name) is a part of an event feed, not its head document: give the "
                    + "address of the whole feed"
            )
        }
        memory.note(feed(of: head), head: facts.scannedTo)
        return head
    }

    private func fetchStart(_ address: URL, isFirst: Bool) async throws -> FetchedDocument {
        let question = DocumentQuestion(
            kind: .start,
            isFirst: isFirst,
            address: address,
            // Only the document itself says how large a page is.
            limit: .ownPageSize
        )
        guard case .document(let fetched) = try await reader.read(question) else {
            throw SourceError(.malformedDocument, "\(address.absoluteString) came without a body")
        }
        return fetched
    }

    /// Whether a document that is only said to be XML is a service document.
    private static func isService(_ fetched: FetchedDocument) -> Bool {
        guard fetched.mediaType == "application/xml" || fetched.mediaType == "text/xml" else {
            return false
        }
        // What it is instead, the parser of feeds says.
        return (try? ServiceDocument.feedReference(in: fetched.bytes)) != nil
    }

    /// What a head document says of its feed.
    func feed(of head: FeedFile) -> FeedMemory.Feed {
        FeedMemory.Feed(
            base: head.fetched.address,
            epoch: head.feed.facts.epoch,
            pageSize: head.feed.facts.pageSize,
            isStatic: memory.feed?.isStatic ?? !reader.mayAnswerQueries
        )
    }

    /// Parses and checks a document of the feed.
    func parse(_ fetched: FetchedDocument, isFirst: Bool = false) throws(SourceError) -> ParsedFeed
    {
        let feed: ParsedFeed
        do throws(FeedFormatError) {
            feed = try ParsedFeed.parse(fetched.bytes, .atom)
        } catch {
            throw SourceError(error, at: fetched.name, isFirst: isFirst)
        }
        guard Limits.pageSizes.contains(feed.facts.pageSize) else {
            throw SourceError(
                .malformedDocument,
                "\(fetched.name) has \(feed.facts.pageSize) events a page, allowed are "
                    + "\(Limits.pageSizes.lowerBound) to \(Limits.pageSizes.upperBound)"
            )
        }
        try checkPageSize(of: feed, fetched)
        return feed
    }
}

extension FeedClient {
    /// Checks that a document has the page size that the feed has for as long as its epoch lasts.
    private func checkPageSize(of document: ParsedFeed, _ fetched: FetchedDocument)
        throws(SourceError)
    {
        guard let known = memory.feed, known.epoch == document.facts.epoch,
            known.pageSize != document.facts.pageSize
        else { return }
        // Which of the two is wrong the head document says, asked once more.
        memory.forget()
        throw SourceError(
            .malformedDocument,
            "\(fetched.name) has \(document.facts.pageSize) events a page, the same feed had "
                + "\(known.pageSize) before"
        )
    }
}

extension FeedFile {
    /// The document as Atom, for what no `ef:` element says.
    func atom() throws(SourceError) -> AtomFeed {
        let document: AtomDocument
        do throws(AtomError) {
            document = try AtomParser().parse(fetched.bytes)
        } catch {
            throw SourceError(.malformedDocument, "\(fetched.name): \(error)", cause: error)
        }
        guard case .feed(let feed) = document else {
            throw SourceError(.notAnEventFeed, "\(fetched.name) is no feed document")
        }
        return feed
    }

    /// The title of the feed.
    func title() throws(SourceError) -> String { try atom().title.value }
}
