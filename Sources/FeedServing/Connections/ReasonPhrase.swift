import NIOHTTP1

/// The text after a status code, fit to stand on the line that it ends.
///
/// Clients of the Event Store product's interface compare phrases literally, and parts of them come
/// from outside, such as the name of a stream. What could end the line, or what two clients may
/// decode in different ways, never gets that far.
enum ReasonPhrase {
    /// Characters of a phrase that are sent; what is longer is cut off.
    static let limit = 1_024

    /// A status whose phrase NIO does not replace by its own.
    ///
    /// NIO knows bodies of 204 and 304 only by its own cases, so whoever uses this must see to
    /// the framing.
    ///
    /// - Parameters:
    ///   - code: The status code.
    ///   - reason: The phrase; nil for the standard one of the code.
    /// - Returns: The status with a phrase that passed ``safe(_:)``.
    static func status(_ code: Int, _ reason: String?) -> HTTPResponseStatus {
        guard let reason else { return HTTPResponseStatus(statusCode: code) }
        return .custom(code: UInt(code.magnitude), reasonPhrase: safe(reason))
    }

    /// The phrase with a question mark for every character that is not printable ASCII.
    ///
    /// RFC 9112 section 4 lets bytes above 127 pass without saying what they mean; clients read
    /// them as Latin-1, where some of them end a line.
    static func safe(_ reason: String) -> String {
        var bytes: [UInt8] = []
        for scalar in reason.unicodeScalars.prefix(limit) {
            let isPrintable = (0x20...0x7E).contains(scalar.value)
            bytes.append(isPrintable ? UInt8(truncatingIfNeeded: scalar.value) : UInt8(ascii: "?"))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
