/// Why bytes are not JSON (RFC 8259), or not JSON that this software takes.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The rule that was broken.
    package enum Reason: Hashable, Sendable {
        /// The text ends where something must follow.
        case endOfText
        /// A byte that cannot stand there.
        case unexpected
        /// A byte order mark.
        case byteOrderMark
        /// Bytes in a string that are not UTF-8 (RFC 3629).
        case notUTF8
        /// A control character in a string that must be escaped.
        case controlCharacter
        /// A backslash that begins no escape.
        case invalidEscape
        /// A surrogate without its other half, where a string must become text.
        case loneSurrogate
        /// A number that RFC 8259 section 6 does not know.
        case invalidNumber
        /// Arrays and objects nested deeper than allowed.
        case tooDeep
    }

    /// The rule that was broken.
    package let reason: Reason
    /// Where, as an index into the bytes.
    package let index: Int

    /// What is wrong, as part of a sentence.
    package var description: String {
        switch reason {
        case .endOfText: "it ends too early"
        case .unexpected: "a character that cannot stand there"
        case .byteOrderMark: "a byte order mark: leave it out"
        case .notUTF8: "bytes that are not UTF-8"
        case .controlCharacter: "a control character that is not escaped"
        case .invalidEscape: "a backslash that begins no escape"
        case .loneSurrogate: "half of a surrogate pair, which is no character"
        case .invalidNumber: "a number that is not as JSON has it"
        case .tooDeep: "arrays and objects nested too deep"
        }
    }
}
