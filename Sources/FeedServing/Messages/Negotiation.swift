import FeedPages

/// Chooses the form and the coding of an answer.
enum Negotiation {
    /// What the forms are chosen for: their media types differ in a parameter.
    enum Subject: String {
        /// Feeds in all forms.
        case feed
        /// One event; NDJSON is not offered.
        case entry

        /// The forms offered, the server's favourite first.
        var forms: [FeedForm] { self == .feed ? [.atom, .json, .ndjson] : [.atom, .json] }

        /// The media types offered, for whoever accepts none of them.
        var mediaTypes: [String] {
            forms.compactMap { self == .feed ? $0.feedMediaType : $0.entryMediaType }
        }
    }

    /// Chooses a form.
    ///
    /// - Parameters:
    ///   - accept: The `Accept` fields as one list; nil where there is none.
    ///   - subject: What is asked for.
    /// - Returns: The best form, or nil where none is acceptable.
    static func form(accept: String?, for subject: Subject) -> FeedForm? {
        guard let accept, accept.utf8.contains(where: { $0 != 0x20 && $0 != 0x09 }) else {
            return .atom
        }
        let list = AcceptList(accept)
        var best: (form: FeedForm, quality: Int)?
        for form in subject.forms {
            let liked =
                form.acceptedMediaTypes.map { quality(of: $0, in: list, subject) }.max() ?? 0
            if liked > best?.quality ?? 0 { best = (form, liked) }
        }
        return best?.form
    }

    /// The quality of a media type: that of the most specific range that matches it.
    private static func quality(of name: String, in list: AcceptList, _ subject: Subject) -> Int {
        let type = name.prefix { $0 != "/" }
        var best = (specificity: 0, quality: 0)
        for range in list.ranges {
            let specificity: Int
            switch range.name {
            case name:
                let wanted = range.parameters.first { $0.name == "type" }?.value
                if name == FeedForm.atom.feedMediaType, let wanted {
                    guard wanted.lowercased() == subject.rawValue else { continue }
                    specificity = 4
                } else {
                    specificity = 3
                }
            case "\(type)/*": specificity = 2
            case "*/*", "*": specificity = 1
            default: continue
            }
            // Of two equally specific ranges the first one counts.
            if specificity > best.specificity { best = (specificity, range.quality) }
        }
        return best.quality
    }

    /// Whether an answer goes out with gzip.
    ///
    /// - Parameter acceptEncoding: The `Accept-Encoding` fields as one list; nil where there is
    ///   none.
    /// - Returns: True if gzip is acceptable and liked no less than no coding.
    static func allowsGzip(acceptEncoding: String?) -> Bool {
        guard let acceptEncoding else { return false }
        let list = AcceptList(acceptEncoding)
        func quality(_ names: [String]) -> Int? {
            list.ranges.first { names.contains($0.name) }?.quality
        }
        let any = quality(["*"])
        guard let gzip = quality(["gzip", "x-gzip"]) ?? any, gzip > 0 else { return false }
        // What is not named is acceptable, and liked least (RFC 9110 section 12.5.3).
        return gzip >= quality(["identity"]) ?? 0
    }
}
