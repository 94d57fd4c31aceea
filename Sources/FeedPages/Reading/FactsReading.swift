import EventModel
public import HTTPTypes

/// Facts as texts, wherever they came from, turned into ``FeedFacts``.
struct FactTexts {
    /// What was found.
    var texts: [FactName: String] = [:]
    /// What a fact is called where these came from, for errors.
    let label: (FactName) -> String
    /// Whether a stream document names its stream here; headers do not.
    var namesStream = true

    init(label: @escaping (FactName) -> String) {
        self.label = label
    }

    /// What kind of document states the facts, and so which of them it must have.
    enum Document {
        case feed, event
    }

    /// Reads the facts, all that a document of this kind must have.
    func facts(of document: Document = .feed) throws(FeedFormatError) -> FeedFacts {
        let format = try integer(.format)
        guard format == StoreIdentity.currentFormat else {
            throw FeedFormatError(
                .unknownFormat,
                field: label(.format),
                found: (String(format), String(StoreIdentity.currentFormat))
            )
        }
        let pageSize = try integer(.pageSize)
        guard Limits.pageSizes.contains(pageSize) else {
            throw invalid(.pageSize, "10 to 500")
        }
        guard let epoch = Epoch(try text(.epoch)) else { throw invalid(.epoch, "a UUID") }
        var facts = FeedFacts(
            epoch: epoch,
            format: format,
            pageSize: pageSize,
            extent: try statesPage && document == .feed ? page(pageSize) : answer(document),
            chain: try chain(.chain)
        )
        facts.filter = texts[.filter]
        facts.stream = try streamFacts()
        return facts
    }

    /// Whether there is any of the facts that complete pages alone have.
    private var statesPage: Bool {
        [FactName.first, .last, .chainBefore].contains { texts[$0] != nil }
    }

    private func page(_ pageSize: Int) throws(FeedFormatError) -> FeedFacts.Extent {
        let range = PageRange(first: try number(.first), last: try number(.last))
        guard PageLayout(pageSize: pageSize).isPage(range) else {
            throw invalid(.last, "exactly a page of \(pageSize)")
        }
        return .page(range, chainBefore: try chain(.chainBefore))
    }

    private func answer(_ document: Document) throws(FeedFormatError) -> FeedFacts.Extent {
        // The document of one event does not change with the head, so it does not state it.
        let head = texts[.head] == nil && document == .event ? nil : try number(.head)
        let after = try number(.after)
        let scannedTo = try number(.scannedTo)
        // The answer to `before=1` of a stream holds nothing and ends where it begins.
        guard after <= scannedTo else { throw invalid(.scannedTo, "\(after) or more") }
        guard scannedTo <= head ?? scannedTo else { throw invalid(.head, "\(scannedTo) or more") }
        return .answer(
            head: head,
            after: after,
            scannedTo: scannedTo,
            chainAfter: try chain(.chainAfter)
        )
    }

    private func streamFacts() throws(FeedFormatError) -> FeedFacts.StreamFacts? {
        guard texts[.stream] != nil || texts[.version] != nil else { return nil }
        var name: StreamName?
        if namesStream {
            let text = try text(.stream)
            do throws(InvalidName) {
                name = try StreamName(text)
            } catch {
                throw invalid(.stream, error.description)
            }
        }
        return FeedFacts.StreamFacts(
            name: name,
            version: StreamVersion(try number(.version).rawValue)
        )
    }

    private func text(_ name: FactName) throws(FeedFormatError) -> String {
        guard let text = texts[name] else {
            throw FeedFormatError(.missing, field: label(name))
        }
        return text
    }

    private func number(_ name: FactName) throws(FeedFormatError) -> EventNumber {
        guard let value = Decimal.number(try text(name).utf8) else {
            throw invalid(name, "a number")
        }
        return EventNumber(value)
    }

    private func integer(_ name: FactName) throws(FeedFormatError) -> Int {
        guard let value = Int(exactly: try number(name).rawValue) else {
            throw invalid(name, "a number")
        }
        return value
    }

    private func chain(_ name: FactName) throws(FeedFormatError) -> ChainDigest {
        guard let chain = ChainDigest(hex: try text(name)) else {
            throw invalid(name, "64 hexadecimal digits")
        }
        return chain
    }

    private func invalid(_ name: FactName, _ expected: String) -> FeedFormatError {
        FeedFormatError(.invalidValue, field: label(name), found: (texts[name], expected))
    }
}

extension FeedFacts {
    /// Reads the facts from response headers.
    ///
    /// - Parameters:
    ///   - fields: The header fields of an answer.
    ///   - isOneEvent: Whether the answer is the document of one event, which states no head.
    /// - Throws: ``FeedFormatError``: `notAnEventFeed` where `EventFeed-Epoch` is missing,
    ///   `missing` where another fact is that the document must have.
    public init(fields: HTTPFields, ofOneEvent isOneEvent: Bool = false) throws(FeedFormatError) {
        var facts = FactTexts { $0.header ?? $0.rawValue }
        facts.namesStream = false
        for fact in FactName.allCases {
            guard let header = fact.header, let name = HTTPField.Name(header) else { continue }
            let values = fields[values: name]
            guard values.count <= 1 else { throw FeedFormatError(.repeated, field: header) }
            facts.texts[fact] = values.first
        }
        guard facts.texts[.epoch] != nil else {
            throw FeedFormatError(
                .notAnEventFeed,
                field: FactName.epoch.header,
                found: (nil, "the facts of an event feed in the headers")
            )
        }
        self = try facts.facts(of: isOneEvent ? .event : .feed)
    }
}
