import EventModel

/// The pairs of a query as they were sent, split but not yet understood.
struct QueryPairs {
    /// One `name=value`.
    struct Pair {
        /// The name, decoded.
        let name: String
        /// The value, decoded; empty where there was no `=`.
        let value: String
    }

    /// In the order in which they were sent.
    let pairs: [Pair]

    /// Splits a query at `&` and `=` and decodes what is between; `+` stays a plus.
    init(_ query: String?) throws(InvalidParameter) {
        var pairs: [Pair] = []
        for part in (query ?? "").utf8.split(separator: UInt8(ascii: "&")) {
            let halves = part.split(
                separator: UInt8(ascii: "="),
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let rawName = Substring(halves[0])
            let rawValue = halves.count == 2 ? Substring(halves[1]) : ""
            guard let name = PercentEncoding.decode(halves[0]),
                let value = PercentEncoding.decode(rawValue.utf8)
            else {
                throw InvalidParameter(
                    rawName,
                    value: rawValue,
                    expected: "escapes are %XX and decode to UTF-8"
                )
            }
            pairs.append(Pair(name: name, value: value))
        }
        self.pairs = pairs
    }

    /// The values by name, after checking that every name is known and occurs once.
    func single(_ known: [String], repeatable: [String] = []) throws(InvalidParameter)
        -> [String: String]
    {
        var values: [String: String] = [:]
        for pair in pairs where !repeatable.contains(pair.name) {
            guard known.contains(pair.name) else {
                throw InvalidParameter(
                    pair.name,
                    value: pair.value,
                    expected: "this address takes \(Self.list(known + repeatable))"
                )
            }
            guard values.updateValue(pair.value, forKey: pair.name) == nil else {
                throw InvalidParameter(
                    pair.name,
                    value: pair.value,
                    expected: "it may occur once only"
                )
            }
        }
        return values
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "no parameters" : names.joined(separator: ", ")
    }
}
