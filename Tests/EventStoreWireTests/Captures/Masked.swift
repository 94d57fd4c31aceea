/// A text in which every value that differs from server to server has been replaced by its kind.
struct Masked {
    /// What differs from server to server, or from run to run.
    enum Kind: String {
        /// When an event was recorded.
        case time
        /// What stands after the number in an entity tag: a hash of the media type.
        case hash
        /// The number in an entity tag of the log of all streams.
        case logNumber
        /// A place in the log of all streams.
        case place
        /// An id that the server made up.
        case id
    }

    /// A value that was replaced.
    struct Value: Hashable {
        let kind: Kind
        let text: String
    }

    /// The text with `<kind>` instead of values.
    private(set) var text: String
    /// The values in their order.
    private(set) var values: [Value] = []

    /// Masks bytes, each of which becomes one character.
    ///
    /// - Parameters:
    ///   - bytes: The text.
    ///   - origin: Scheme, host and port that stand for those of the server.
    ///   - isAboutAll: Whether the text is about the log of all streams.
    init(_ bytes: some Sequence<UInt8>, origin: String, isAboutAll: Bool) {
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: bytes.lazy.map { Unicode.Scalar($0) })
        text = String(scalars).replacing(origin, with: "<origin>")
        mask(#/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)(?:Z|\+00:00)/#, as: .time)
        mask(#/"\d+;(-?\d+)"/#, as: .hash)
        mask(#/%24all/([0-9A-F]{32})//#, as: .place)
        mask(#//incoming/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/#, as: .id)
        if isAboutAll { mask(#/"(\d+);<hash>"/#, as: .logNumber) }
    }

    /// Values that mean the same on every server.
    private static let fixed: Set<String> = [
        "0001-01-01T00:00:00", "00000000000000000000000000000000",
    ]

    private mutating func mask(_ pattern: Regex<(Substring, Substring)>, as kind: Kind) {
        var masked = ""
        var rest = text.startIndex
        for match in text.matches(of: pattern) {
            let value = match.output.1
            guard !Self.fixed.contains(String(value)) else { continue }
            values.append(Value(kind: kind, text: String(value)))
            masked += text[rest..<value.startIndex] + "<\(kind.rawValue)>"
            rest = value.endIndex
        }
        text = masked + text[rest...]
    }
}

/// What the values of the captured server are called by ours.
struct KnownValues {
    private var ours: [Masked.Value: String] = [:]

    /// What ours is called, if that is known.
    func own(_ kind: Masked.Kind, _ captured: String) -> String? {
        ours[Masked.Value(kind: kind, text: captured)]
    }

    /// Notes that a value stands where a captured one stood.
    ///
    /// - Returns: False if another value stood there before: two answers that named one thing name
    ///   two.
    mutating func learn(_ captured: Masked.Value, _ own: Masked.Value) -> Bool {
        let known = ours[captured, default: own.text]
        ours[captured] = known
        return captured.kind == own.kind && known == own.text
    }

    /// A captured request in the words of our server.
    func translated(_ request: PlainRequest) -> PlainRequest {
        var request = request
        if request.isAboutAll, let place = request.target.firstMatch(of: #/[0-9A-F]{32}/#) {
            let captured = String(place.output)
            request.target.replace(captured, with: own(.place, captured) ?? captured)
        }
        request.fields = request.fields.map { field in
            guard field.name == "If-None-Match",
                let match = field.value.firstMatch(of: #/(\d+);(-?\d+)/#)
            else { return field }
            let number = String(match.output.1)
            let hash = String(match.output.2)
            let tag =
                (request.isAboutAll ? own(.logNumber, number) ?? number : number) + ";"
                + (own(.hash, hash) ?? hash)
            return PlainField(field.name, field.value.replacing(match.output.0, with: tag))
        }
        return request
    }
}
