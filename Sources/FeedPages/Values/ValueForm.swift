import AtomFormat
public import EventModel

/// How a value travels in documents; decided once, whatever the form of the document.
public enum ValueForm: Hashable, Sendable {
    /// As characters.
    case text
    /// As base64.
    case base64
    /// Not in the document: there stand its address, length and digest.
    case outOfLine

    /// Decides how a value travels.
    ///
    /// Text is what is JSON, XML or `text/*` in UTF-8 and has only characters that XML 1.0 can
    /// carry. Out of line is what would have more than ``WireLimits/inlineBytes`` encoded bytes,
    /// escaped as XML or in base64.
    ///
    /// - Parameter value: Data or metadata.
    /// - Complexity: Linear in the value's bytes, at most ``WireLimits/inlineBytes`` of them.
    public init(of value: Payload) {
        // Both encodings are at least as long as the bytes.
        guard value.bytes.count <= WireLimits.inlineBytes else {
            self = .outOfLine
            return
        }
        if value.mediaType.isUTF8Text, let length = XMLText.escapedLength(of: value.bytes) {
            self = length <= WireLimits.inlineBytes ? .text : .outOfLine
        } else {
            let length = (value.bytes.count + 2) / 3 * 4
            self = length <= WireLimits.inlineBytes ? .base64 : .outOfLine
        }
    }
}

extension Payload {
    /// Whether JSON documents hold the bytes themselves: valid JSON of a JSON media type, without
    /// line breaks, beginning and ending with neither space nor tab.
    ///
    /// Only asked for values that travel as text.
    var isCopiedIntoJSON: Bool {
        guard mediaType.isJSON, let first = bytes.first, let last = bytes.last else { return false }
        guard first != 0x20, first != 0x09, last != 0x20, last != 0x09,
            !bytes.contains(where: { $0 == 0x0A || $0 == 0x0D })
        else { return false }
        do throws(JSONError) {
            try JSONReader.validate(bytes)
            return true
        } catch {
            return false
        }
    }
}
