/// Bytes that more than one fault sends.
enum Bytes {
    /// So often that nothing waits for the end: with pieces of 16 KiB it is more than a gigabyte.
    static let endless = 100_000
    /// White space, 16 KiB of it: XML may have as much as it likes.
    static let space = [UInt8](repeating: UInt8(ascii: " "), count: 16 << 10)
    /// The same as one chunk of a chunked body (RFC 9112 section 7.1).
    static let chunk = chunk(of: space)

    /// Bytes as one chunk of a chunked body.
    static func chunk(of bytes: [UInt8]) -> [UInt8] {
        Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8)
    }

    /// gzip that inflates to two gigabytes of white space between a beginning and an end.
    ///
    /// - Parameters:
    ///   - beginning: The beginning.
    ///   - end: The end.
    /// - Returns: About two megabytes.
    /// - Throws: ``GzipFailed``.
    static func bomb(in beginning: [UInt8], _ end: [UInt8]) throws -> [UInt8] {
        var bytes = try gzip(beginning)
        for _ in 0..<128 { bytes += try spaces.get() }
        return bytes + (try gzip(end))
    }

    /// 16 MiB of white space as one member, which are 16 KiB.
    private static let spaces = Result {
        try gzip([UInt8](repeating: UInt8(ascii: " "), count: 16 << 20))
    }
}
