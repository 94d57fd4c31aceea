import EventModel

extension FeedDocument {
    /// The links of the document, in the order of the specification.
    ///
    /// - Parameter form: In which language the document is written; links stay in it.
    /// - Returns: What the body and the `Link` header carry.
    public func links(_ form: FeedForm) -> [FeedLink] {
        switch kind {
        case .page: pageLinks(form)
        case .head(let isStaticCopy): headLinks(form, isStaticCopy: isStaticCopy)
        case .after(let query) where query.filter.isEverything: afterLinks(form, query)
        case .after(let query): filteredLinks(form, query)
        case .stream(let query, let span): streamLinks(form, query, span)
        }
    }

    private var layout: PageLayout { PageLayout(pageSize: facts.pageSize) }

    private func pageLinks(_ form: FeedForm) -> [FeedLink] {
        guard let range = facts.pageRange else { return [] }
        let head = "../../feed.\(form)"
        let firstPage = PageRange(first: EventNumber(1), last: EventNumber(Int64(facts.pageSize)))
        var links = [
            FeedLink(.`self`, "\(range).\(form)"), FeedLink(.first, head), FeedLink(.current, head),
            FeedLink(.last, "\(firstPage).\(form)"),
        ]
        if let older = layout.page(endingAt: range.after) {
            links.append(FeedLink(.next, "\(older).\(form)"))
            links.append(FeedLink(.previousArchive, "\(older).\(form)"))
        }
        if let newer = layout.page(following: range) {
            links.append(FeedLink(.previous, "\(newer).\(form)"))
        }
        return links
    }

    private func headLinks(_ form: FeedForm, isStaticCopy: Bool) -> [FeedLink] {
        var links = [FeedLink(.`self`, "feed.\(form)")] + entrances(form)
        if let older = layout.page(endingAt: facts.after) {
            links.append(FeedLink(.next, reference(older, form)))
            links.append(FeedLink(.previousArchive, reference(older, form)))
        }
        if !isStaticCopy {
            links.append(FeedLink(.previous, "feed.\(form)?after=\(facts.scannedTo)"))
        }
        return links
    }

    private func afterLinks(_ form: FeedForm, _ query: FeedQuery) -> [FeedLink] {
        var links = [FeedLink(.`self`, "feed.\(form)?\(query.following(facts.after).canonical)")]
        links += entrances(form)
        if let older = layout.page(endingAt: facts.after) {
            links.append(FeedLink(.next, reference(older, form)))
            links.append(FeedLink(.previousArchive, reference(older, form)))
        } else if facts.after > .beginning {
            let paged = layout.lastPaged(head: facts.after)
            let count = facts.after.rawValue - paged.rawValue
            links.append(FeedLink(.next, "feed.\(form)?after=\(paged)&limit=\(count)"))
        }
        return links + following(form, query)
    }

    private func filteredLinks(_ form: FeedForm, _ query: FeedQuery) -> [FeedLink] {
        [
            FeedLink(.`self`, "feed.\(form)?\(query.following(facts.after).canonical)"),
            FeedLink(.last, "feed.\(form)?\(query.following(.beginning).canonical)"),
        ] + following(form, query)
    }

    private func streamLinks(_ form: FeedForm, _ query: StreamQuery, _ span: StreamSpan)
        -> [FeedLink]
    {
        func reference(_ range: StreamRange, limit: Int? = nil) -> String {
            "?" + StreamQuery(form: form, range: range, limit: limit).canonical
        }
        var links = [
            FeedLink(.`self`, reference(query.range, limit: query.limit)),
            FeedLink(.first, reference(.newest)), FeedLink(.current, reference(.newest)),
            FeedLink(.last, reference(.after(.empty))),
        ]
        if let versions = span.versions {
            if versions.lowerBound > span.firstLive {
                let older = StreamRange.before(versions.lowerBound)
                links.append(FeedLink(.next, reference(older, limit: query.limit)))
            }
            let newer = StreamRange.after(versions.upperBound)
            links.append(FeedLink(.previous, reference(newer, limit: query.limit)))
        } else if case .after(let version) = query.range,
            version >= span.firstLive
        {
            let (above, overflow) = version.rawValue.addingReportingOverflow(1)
            let older = overflow ? StreamRange.newest : .before(StreamVersion(above))
            links.append(FeedLink(.next, reference(older, limit: query.limit)))
        }
        return links
    }

    /// `first`, `current` and `last` of a document at the root.
    private func entrances(_ form: FeedForm) -> [FeedLink] {
        let head = "feed.\(form)"
        let isPaged = layout.lastCompletePage(head: facts.head ?? .beginning) != nil
        let oldest = isPaged ? layout.page(containing: EventNumber(1)) : nil
        return [
            FeedLink(.first, head), FeedLink(.current, head),
            FeedLink(.last, oldest.map { reference($0, form) } ?? head),
        ]
    }

    /// `previous` of an `after` document, unless it saw nothing new.
    private func following(_ form: FeedForm, _ query: FeedQuery) -> [FeedLink] {
        guard facts.scannedTo > facts.after else { return [] }
        let next = query.following(facts.scannedTo)
        return [FeedLink(.previous, "feed.\(form)?\(next.canonical)")]
    }

    /// A page as seen from the root.
    private func reference(_ range: PageRange, _ form: FeedForm) -> String {
        FeedAddress.page(epoch: facts.epoch.shortForm, range: range, form: form).relativePath
    }
}
