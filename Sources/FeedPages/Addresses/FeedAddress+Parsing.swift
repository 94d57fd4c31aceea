import EventModel

extension FeedAddress {
    /// Reads the path of a request.
    ///
    /// - Parameter path: The path as it was sent, with its escapes, without the query.
    /// - Returns: The resource, or nil where no resource has such a path (404).
    /// - Throws: ``InvalidAddress`` for an escape that is broken or no UTF-8, and for a name that
    ///   no stream can have.
    public static func parse(path: String) throws(InvalidAddress) -> FeedAddress? {
        let raw = path.utf8.split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        )
        guard raw.count >= 2, raw[0].isEmpty else { return nil }
        var segments: [String] = []
        for segment in raw.dropFirst() {
            guard let text = PercentEncoding.decode(segment) else {
                throw InvalidAddress(
                    value: Substring(segment),
                    "an escape is broken or does not decode to UTF-8: write %XX for each byte"
                )
            }
            segments.append(text)
        }
        return try resource(segments)
    }

    private static func resource(_ segments: [String]) throws(InvalidAddress) -> FeedAddress? {
        switch (segments.count, segments[0]) {
        case (1, let name): top(name)
        case (_, "feed"): try belowFeed(Array(segments.dropFirst()))
        case (_, "events"): belowEvents(Array(segments.dropFirst()))
        default: nil
        }
    }

    private static func top(_ name: String) -> FeedAddress? {
        switch name {
        case "": return .service
        case "categories": return .categories
        case "feed": return .head(nil)
        case "events": return .events
        case "healthz": return .health
        case "readyz": return .readiness
        default:
            let (stem, form) = split(name)
            guard stem == "feed", let form else { return nil }
            return .head(form)
        }
    }

    private static func belowFeed(_ segments: [String]) throws(InvalidAddress) -> FeedAddress? {
        if segments.count == 1 { return PageRange(segments[0]).map(FeedAddress.plainPage) }
        if segments[0] == "streams" {
            guard segments.count == 2, !segments[1].isEmpty else { return nil }
            do throws(InvalidName) {
                return .stream(try StreamName(segments[1]))
            } catch {
                throw InvalidAddress(value: segments[1], error.description, invalidName: error)
            }
        }
        guard segments[0].utf8.count == 12, Hex.bytes(of: segments[0]) != nil else { return nil }
        let epoch = segments[0].lowercased()
        if segments.count == 2 {
            let (stem, form) = split(segments[1])
            if let form, let range = PageRange(stem) {
                return .page(epoch: epoch, range: range, form: form)
            }
        } else if segments.count == 3, let kind = ValueKind(rawValue: segments[1]),
            let number = number(segments[2])
        {
            return .value(epoch: epoch, kind: kind, number: number)
        }
        return .unknown(epoch: epoch)
    }

    private static func belowEvents(_ segments: [String]) -> FeedAddress? {
        if segments.count == 2 {
            guard let number = number(segments[0]), let kind = ValueKind(rawValue: segments[1])
            else { return nil }
            return .eventValue(number, kind)
        }
        guard segments.count == 1 else { return nil }
        let (stem, form) = split(segments[0])
        guard form != .ndjson, let number = number(stem) else { return nil }
        return .event(number, form)
    }

    /// Takes a form's extension off a segment; the whole segment and no form where there is none.
    private static func split(_ segment: String) -> (stem: Substring, form: FeedForm?) {
        for form in FeedForm.allCases where segment.hasSuffix(".\(form.fileExtension)") {
            return (segment.dropLast(form.fileExtension.count + 1), form)
        }
        return (segment[...], nil)
    }

    private static func number(_ text: some StringProtocol) -> EventNumber? {
        Decimal.number(text.utf8).map { EventNumber($0) }
    }
}
