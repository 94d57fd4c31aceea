public import EventModel

extension EventFilter {
    /// The canonical filter: pairs `name=value`, percent-encoded, without duplicates, sorted by
    /// name and by the bytes of the decoded value; empty for `everything`.
    public var canonical: String {
        let pairs =
            Self.sorted(categories.map(\.text)).map { ("category", $0) }
            + Self.sorted(streams.map(\.text)).map { ("stream", $0) }
            + Self.sorted(types.map(\.wireText)).map { ("type", $0) }
        return pairs.map { "\($0)=\(PercentEncoding.encode($1))" }.joined(separator: "&")
    }

    /// Reads a canonical filter, or any other order of the same pairs.
    ///
    /// - Parameter text: Pairs `name=value` with names `category`, `stream` and `type`.
    /// - Throws: ``InvalidParameter`` that names the pair that cannot be read.
    public init(canonical text: String) throws(InvalidParameter) {
        self.init()
        let query = try QueryPairs(text)
        _ = try query.single([], repeatable: ["category", "stream", "type"])
        for pair in query.pairs {
            do throws(InvalidName) {
                try add(name: pair.name, value: pair.value)
            } catch {
                throw InvalidParameter(pair.name, value: pair.value, expected: error.description)
            }
        }
    }

    mutating func add(name: String, value: String) throws(InvalidName) {
        switch name {
        case "category":
            categories.append(try StreamCategory(value))
        case "stream":
            streams.append(try StreamName(value))
        default:
            let whole = try EventType(value)
            types.append(value.hasSuffix("*") ? .prefix(String(value.dropLast())) : .exactly(whole))
        }
    }

    private static func sorted(_ values: [String]) -> [String] {
        var seen: Set<[UInt8]> = []
        return values.filter { seen.insert(Array($0.utf8)).inserted }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

extension EventFilter.TypePattern {
    /// The pattern as a query writes it: a final `*` makes it a prefix.
    var wireText: String {
        switch self {
        case .exactly(let type): type.text
        case .prefix(let prefix): prefix + "*"
        }
    }
}
