/// A URI or a relative reference in its five components (RFC 3986).
///
/// Nothing is validated, decoded or changed: ``description`` is the text that was parsed. What is
/// not ASCII stays as it is, so an IRI passes too.
public struct URIReference: Hashable, Sendable, CustomStringConvertible {
    /// The scheme as written, without its colon; `nil` in a relative reference.
    public var scheme: String?
    /// What stands after `//`; `nil` if there is none, which differs from an empty one.
    public var authority: String?
    /// The path, maybe empty.
    public var path: String
    /// What stands after `?`; `nil` if there is none, which differs from an empty one.
    public var query: String?
    /// What stands after `#`; `nil` if there is none, which differs from an empty one.
    public var fragment: String?

    /// Takes a reference apart, as the regular expression of RFC 3986 appendix B does.
    ///
    /// Every text has such components, so this cannot fail.
    ///
    /// - Parameter text: The reference.
    public init(_ text: String) {
        var rest = text[...]
        if let hash = rest.utf8.firstIndex(of: UInt8(ascii: "#")) {
            fragment = String(rest[rest.utf8.index(after: hash)...])
            rest = rest[..<hash]
        }
        if let mark = rest.utf8.firstIndex(of: UInt8(ascii: "?")) {
            query = String(rest[rest.utf8.index(after: mark)...])
            rest = rest[..<mark]
        }
        if let colon = Self.endOfScheme(rest) {
            scheme = String(rest[..<colon])
            rest = rest[rest.utf8.index(after: colon)...]
        }
        if rest.utf8.starts(with: "//".utf8) {
            rest = rest[rest.utf8.index(rest.startIndex, offsetBy: 2)...]
            let end = rest.utf8.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
            authority = String(rest[..<end])
            rest = rest[end...]
        }
        path = String(rest)
    }

    /// Whether there is a scheme, so that nothing is left to resolve.
    public var isAbsolute: Bool { scheme != nil }

    /// The reference put together again (RFC 3986 § 5.3).
    public var description: String {
        var text = ""
        if let scheme { text += scheme + ":" }
        if let authority { text += "//" + authority }
        text += path
        if let query { text += "?" + query }
        if let fragment { text += "#" + fragment }
        return text
    }

    /// Resolves this reference against a base (RFC 3986 § 5.2.2, strict).
    ///
    /// The base may be relative itself, as an `xml:base` may be in a document whose address is not
    /// known. The result is then relative too, and `..` that lead above the base are kept, so that
    /// resolving it later against the document's address gives what RFC 3986 wants.
    ///
    /// - Parameter base: The base; its fragment does not matter.
    /// - Returns: The target, with the fragment of this reference.
    public func resolved(against base: URIReference) -> URIReference {
        var target = self
        guard scheme == nil else {
            target.path = Self.removingDots(path, keepingParents: false)
            return target
        }
        target.scheme = base.scheme
        guard authority == nil else {
            target.path = Self.removingDots(path, keepingParents: false)
            return target
        }
        target.authority = base.authority
        if path.isEmpty {
            target.path = base.path
            target.query = query ?? base.query
            return target
        }
        let isRooted = path.utf8.first == UInt8(ascii: "/")
        let merged = isRooted ? path : base.merging(path)
        // A path that begins with "/" or has a scheme has a top; a relative one goes on above.
        let hasTop = merged.utf8.first == UInt8(ascii: "/") || target.scheme != nil
        target.path = Self.removingDots(merged, keepingParents: !hasTop)
        return target.shieldingPath()
    }

    /// Resolves a reference in a document.
    ///
    /// - Parameters:
    ///   - reference: The reference as written.
    ///   - base: The base in scope, if there is one.
    /// - Returns: The target as text; without a base the reference as written.
    public static func resolve(_ reference: String, against base: URIReference?) -> String {
        guard let base else { return reference }
        return URIReference(reference).resolved(against: base).description
    }
}

extension URIReference {
    /// Returns the place of the colon that ends a scheme.
    ///
    /// RFC 3986 § 3.1: a letter, then letters, digits, `+`, `-` and `.`. `1:2` and `a/b:c` have no
    /// scheme.
    private static func endOfScheme(_ text: Substring) -> String.Index? {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        var isFirst = true
        for byte in text.utf8[..<colon] {
            let isLetter = (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
            let isOther =
                (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
                || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: ".")
            guard isLetter || (isOther && !isFirst) else { return nil }
            isFirst = false
        }
        return isFirst ? nil : colon
    }

    /// Puts a relative path in the place of this path's last segment (RFC 3986 § 5.2.3).
    private func merging(_ relative: String) -> String {
        if authority != nil, path.isEmpty { return "/" + relative }
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return relative }
        return path[...slash] + relative
    }

    /// Removes `.` and `..` from a path (RFC 3986 § 5.2.4).
    ///
    /// With `keepingParents`, `..` for which there is no segment to take away are kept in front.
    private static func removingDots(_ path: String, keepingParents: Bool) -> String {
        var segments = path.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false)
            .map(Substring.init)
        let isRooted = segments.count > 1 && segments[0].isEmpty
        if isRooted { segments.removeFirst() }
        var kept: [Substring] = []
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            if segment == "." {
                if isLast { kept.append("") }
            } else if segment == ".." {
                if let last = kept.last, last != ".." || !keepingParents {
                    kept.removeLast()
                } else if keepingParents {
                    kept.append("..")
                }
                if isLast { kept.append("") }
            } else {
                kept.append(segment)
            }
        }
        let joined = kept.joined(separator: "/")
        if isRooted { return "/" + joined }
        // An empty first segment would make the path look as if it had a root.
        return keepingParents && joined.utf8.first == UInt8(ascii: "/") ? "." + joined : joined
    }

    /// Keeps a path from being read as something else once it is put together.
    ///
    /// RFC 3986 § 4.2 and § 5.3: a path that begins with `//` needs an authority before it, a
    /// relative path whose first segment has a colon needs `./`, and an empty one that stands for
    /// the base's folder too.
    private func shieldingPath() -> URIReference {
        guard authority == nil else { return self }
        var shielded = self
        if path.utf8.starts(with: "//".utf8) {
            shielded.path = "/." + path
        } else if scheme == nil {
            let first = path.utf8.prefix { $0 != UInt8(ascii: "/") }
            if path.isEmpty || first.contains(UInt8(ascii: ":")) {
                shielded.path = "./" + path
            }
        }
        return shielded
    }
}
