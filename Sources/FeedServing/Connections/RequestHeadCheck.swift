/// Refuses the heads that HTTP says to refuse, each with the right status.
///
/// The HTTP parser behind it is lenient in some places and tells little about what it refuses;
/// and it goes on parsing whatever follows. What stands here is stricter than the parser
/// everywhere, so the two never disagree on where a request ends.
///
/// - Request line: RFC 9112 section 3. Fields: section 5. Host: section 3.2. Framing: section 6.
struct RequestHeadCheck {
    /// The methods of RFC 9110 and PATCH (RFC 5789), without CONNECT, which only a proxy offers.
    static let methods: Set<String> = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH",
    ]

    private let limits: ServerLimits
    private var hosts = 0
    private var fieldCount = 0
    private var minorVersion = 1
    private var lengths: [Int] = []
    private var codings: [String] = []
    private var hasTransferEncoding = false
    private var kept: [UInt8] = []

    private init(limits: ServerLimits) {
        self.limits = limits
    }

    /// Checks a head.
    ///
    /// - Parameters:
    ///   - head: All bytes from the method to the empty line, both included.
    ///   - limits: Limits on target and fields.
    /// - Returns: The head for the parser, and where the body ends.
    /// - Throws: ``Refusal``.
    static func check(_ head: [UInt8], limits: ServerLimits) throws(Refusal) -> CheckedHead {
        var check = RequestHeadCheck(limits: limits)
        return try check.run(head)
    }

    private mutating func run(_ head: [UInt8]) throws(Refusal) -> CheckedHead {
        kept.reserveCapacity(head.count)
        var rest = head[...]
        try checkRequestLine(try Self.takeLine(&rest))
        while true {
            let line = try Self.takeLine(&rest)
            if line.isEmpty { break }
            try checkField(line)
        }
        kept += [Self.carriageReturn, Self.lineFeed]
        guard hosts == 1 || (hosts == 0 && minorVersion == 0) else {
            throw .malformed(
                hosts == 0 ? "there is no Host field" : "there are several Host fields"
            )
        }
        return CheckedHead(framing: try framing(), bytes: kept)
    }

    /// Takes a line off, without its end.
    private static func takeLine(_ rest: inout ArraySlice<UInt8>) throws(Refusal)
        -> ArraySlice<UInt8>
    {
        guard let end = rest.firstIndex(of: lineFeed) else {
            throw .malformed("the head is not complete")
        }
        guard end > rest.startIndex, rest[end - 1] == carriageReturn else {
            throw .malformed("a line of the head does not end with CR LF")
        }
        let line = rest[rest.startIndex..<(end - 1)]
        rest = rest[(end + 1)...]
        return line
    }

    private mutating func keep(_ line: ArraySlice<UInt8>) {
        kept += line
        kept += [Self.carriageReturn, Self.lineFeed]
    }

    private mutating func checkRequestLine(_ line: ArraySlice<UInt8>) throws(Refusal) {
        let parts = line.split(separator: Self.space, omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw .malformed("the request line is not METHOD TARGET HTTP/1.1")
        }
        guard parts[0].allSatisfy(Self.isTokenByte) else {
            throw .malformed("the method is no token")
        }
        guard parts[1].count <= limits.targetBytes else {
            throw .targetTooLong(limit: limits.targetBytes)
        }
        guard parts[1].allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .malformed("the target has characters that must be percent-encoded")
        }
        switch String(decoding: parts[2], as: UTF8.self) {
        case "HTTP/1.1": minorVersion = 1
        case "HTTP/1.0": minorVersion = 0
        case let version:
            let bytes = Array(version.utf8)
            guard bytes.count == 8, bytes.starts(with: Array("HTTP/".utf8)), bytes[6] == 0x2E,
                Self.isDigit(bytes[5]), Self.isDigit(bytes[7])
            else { throw .malformed("the request line is not METHOD TARGET HTTP/1.1") }
            guard bytes[5] == UInt8(ascii: "1") else { throw .unknownVersion(version) }
            minorVersion = 1
        }
        let method = String(decoding: parts[0], as: UTF8.self)
        guard Self.methods.contains(method) else {
            throw .unknownMethod(method, target: String(decoding: parts[1], as: UTF8.self))
        }
        // A higher minor version is answered as the highest that is known (RFC 9110 section 2.5).
        kept += parts[0] + [Self.space] + parts[1]
        keep(ArraySlice((minorVersion == 0 ? " HTTP/1.0" : " HTTP/1.1").utf8))
    }

    private mutating func checkField(_ line: ArraySlice<UInt8>) throws(Refusal) {
        fieldCount += 1
        guard fieldCount <= limits.fieldCount else {
            throw .fieldsTooLarge(limit: limits.fieldCount)
        }
        guard line.first != Self.space, line.first != Self.tab else {
            throw .malformed("a field is folded over several lines")
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
            throw .malformed("a field has no colon")
        }
        let name = line[..<colon]
        guard !name.isEmpty, name.allSatisfy(Self.isTokenByte) else {
            throw .malformed("a field's name is no token, or white space stands before the colon")
        }
        let value = Self.trim(line[(colon + 1)...])
        guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == Self.tab }) else {
            throw .malformed("a field has control characters")
        }
        switch String(decoding: name, as: UTF8.self).lowercased() {
        case "host":
            hosts += 1
            guard Self.isHost(value) else { throw .malformed("the Host field is not valid") }
        case "content-length":
            guard !value.isEmpty, value.allSatisfy(Self.isDigit),
                let length = Int(String(decoding: value, as: UTF8.self))
            else { throw .malformed("the Content-Length is no number") }
            lengths.append(length)
        case "transfer-encoding":
            hasTransferEncoding = true
            codings += value.split(separator: UInt8(ascii: ",")).map {
                String(decoding: Self.trim($0), as: UTF8.self).lowercased()
            }
        case "upgrade":
            // Nothing to upgrade to; the parser would stop here for another protocol.
            return
        default:
            break
        }
        keep(line)
    }

    private func framing() throws(Refusal) -> RequestFraming {
        if hasTransferEncoding {
            guard minorVersion > 0 else {
                throw .malformed("HTTP/1.0 has no Transfer-Encoding")
            }
            guard lengths.isEmpty else {
                throw .malformed("there are both Transfer-Encoding and Content-Length")
            }
            guard codings.last == "chunked" else {
                throw .malformed("the Transfer-Encoding does not end with chunked")
            }
            // Chunked is there once, at the end (RFC 9112 section 6.1).
            guard !codings.dropLast().contains("chunked") else {
                throw .malformed("the Transfer-Encoding names chunked twice")
            }
            if let other = codings.dropLast().first {
                throw .unknownTransferCoding(other)
            }
            return .chunked
        }
        guard lengths.count <= 1 else { throw .malformed("there are several Content-Lengths") }
        return lengths.first.map { $0 == 0 ? .none : .length($0) } ?? .none
    }
}
