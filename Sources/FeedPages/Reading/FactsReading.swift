import EventModel
public import HTTPTypes

/// Facts as texts, wherever they came from, turned into ``FeedFacts``.
struct FactTexts {
    /// What was found.
    var texts: [FactName: String] = [:]
    /// What a fact is called where these came from, for errors.
    let label: (FactName) -> String

    func facts() throws(FeedFormatError) -> FeedFacts {
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
            extent: try texts[.first] == nil ? answer() : page(pageSize),
            chain: try chain(.chain)
        )
        facts.filter = texts[.filter]
        facts.stream = try streamFacts()
        return facts
    }

    private func page(_ pageSize: Int) throws(FeedFormatError) -> FeedFacts.Extent {
        let range = PageRange(first: try number(.first), last: try number(.last))
        guard PageLayout(pageSize: pageSize).isPage(range) else {
            throw invalid(.last, "exactly a page of \(pageSize)")
        }
        return .page(range, chainBefore: try chain(.chainBefore))
    }

    private func answer() throws(FeedFormatError) -> FeedFacts.Extent {
        let head = texts[.head] == nil ? nil : try number(.head)
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
        if let text = texts[.stream] {
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
    /// - Parameter fields: The header fields of an answer.
    /// - Throws: ``FeedFormatError``: `notAnEventFeed` where `EventFeed-Epoch` is missing.
    public init(fields: HTTPFields) throws(FeedFormatError) {
        var facts = FactTexts { $0.header ?? $0.rawValue }
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
        self = try facts.facts()
    }
}
