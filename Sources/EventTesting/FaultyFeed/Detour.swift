/// A target that leads elsewhere: where redirects of a ``FaultyFeed`` go on.
///
/// It is the query parameter `detour` behind an honest target, so that relative references keep
/// their base: `short-2` leads to `short-1`, `short-0` is the document itself; `ring-0` and
/// `ring-1` lead to each other; `endless-7` leads to `endless-8`.
struct Detour {
    /// The honest target.
    let target: String
    /// Where it leads; nil where it is the end.
    let next: String?

    /// Reads a target; nil for one that is no detour.
    init?(_ target: String) {
        guard let mark = target.ranges(of: "detour=").last else { return nil }
        let words = target[mark.upperBound...].split(separator: "-")
        guard words.count == 2, let count = Int(words[1]) else { return nil }
        // The parameter comes last, behind a separator.
        self.target = String(target[..<mark.lowerBound].dropLast())
        let way = String(words[0])
        switch way {
        case "short": next = count > 0 ? Self.to(self.target, way, count - 1) : nil
        case "ring": next = Self.to(self.target, way, 1 - count)
        default: next = Self.to(self.target, way, count + 1)
        }
    }

    /// The target of a detour.
    ///
    /// - Parameters:
    ///   - target: The honest target.
    ///   - way: `short`, `ring` or `endless`.
    ///   - count: Where on the way.
    /// - Returns: The target with the parameter.
    static func to(_ target: String, _ way: String, _ count: Int) -> String {
        "\(target)\(target.contains("?") ? "&" : "?")detour=\(way)-\(count)"
    }
}
