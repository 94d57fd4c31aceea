/// An element of `Accept`, or a `Content-Type`.
struct MediaRange: Equatable {
    /// The main type in lower case, or `*`.
    let type: String
    /// The subtype in lower case, or `*`.
    let subtype: String
    /// The value of `charset`, as it was sent.
    let charset: String?
    /// 0 to 1; 0 is no refusal here.
    let quality: Double

    /// Reads one element.
    ///
    /// - Returns: Nil where it is not `type/subtype` with parameters.
    init?(_ text: some StringProtocol) {
        self.init(bytes: Array(text.utf8)[...])
    }

    private init?(bytes: ArraySlice<UInt8>) {
        let parts = bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        guard let name = parts.first.map(Self.trim) else { return nil }
        let names = name.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard names.count == 2, !names[0].isEmpty, !names[1].isEmpty else { return nil }
        type = Self.text(names[0]).lowercased()
        subtype = Self.text(names[1]).lowercased()
        var charset: String?
        var quality = 1.0
        for part in parts.dropFirst() {
            let pair = part.split(separator: UInt8(ascii: "="), maxSplits: 1)
            guard pair.count == 2 else { continue }
            let value = Self.trim(pair[1])
            switch Self.text(Self.trim(pair[0])).lowercased() {
            case "q": quality = Double(Self.text(value)) ?? 0
            case "charset": charset = Self.text(Self.unquote(value))
            default: break
            }
        }
        self.charset = charset
        self.quality = quality.isFinite ? quality : 0
    }

    /// The elements of a list, the best first; of equal ones the first sent.
    static func list(_ field: String) -> [MediaRange] {
        let ranges = Array(field.utf8).split(separator: UInt8(ascii: ","))
            .compactMap { MediaRange(bytes: $0) }
        guard ranges.count > 1 else { return ranges }
        return ranges.enumerated().sorted {
            ($1.element.quality, $0.offset) < ($0.element.quality, $1.offset)
        }.map(\.element)
    }

    /// Whether a media type without parameters lies in the range.
    func covers(_ name: String) -> Bool {
        if type == "*" { return subtype == "*" }
        let parts = name.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, parts[0] == type else { return false }
        return subtype == "*" || parts[1] == subtype
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    private static func trim(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8?) -> Bool {
            byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
        }
        var rest = bytes
        while isBlank(rest.first) { rest.removeFirst() }
        while isBlank(rest.last) { rest.removeLast() }
        return rest
    }

    private static func unquote(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let quote = UInt8(ascii: "\"")
        guard bytes.count >= 2, bytes.first == quote, bytes.last == quote else { return bytes }
        return bytes.dropFirst().dropLast()
    }
}
