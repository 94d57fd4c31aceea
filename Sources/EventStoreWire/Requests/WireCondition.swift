/// The value of `If-None-Match`: exactly one tag of this interface, with or without quotes.
///
/// Weak tags, lists and `*` match nothing, as in the product.
struct WireCondition: Equatable {
    /// The last number that the client knows.
    let number: Int64
    /// The hash of the media type that the client has.
    let hash: Int32

    /// Reads a field.
    ///
    /// - Returns: Nil where it is nothing that could match.
    init?(_ field: String?) {
        guard var text = field?[...] else { return nil }
        if text.count >= 2, text.first == "\"", text.last == "\"" {
            text = text.dropFirst().dropLast()
        }
        let parts = text.split(separator: ";", omittingEmptySubsequences: false)
        // A sign before the number would spell the same tag in another way.
        guard parts.count == 2, parts[0].first != "+", parts[1].first != "+",
            let number = Int64(parts[0]), let hash = Int32(parts[1])
        else { return nil }
        (self.number, self.hash) = (number, hash)
    }

    /// Whether the client has what it would get.
    func holds(number: Int64, codec: WireCodec) -> Bool {
        self.number == number && hash == codec.tagHash
    }
}

/// An entity tag.
enum WireTag {
    /// The tag without quotes, as it also stands in JSON.
    static func text(number: Int64, codec: WireCodec) -> String { "\(number);\(codec.tagHash)" }
}
