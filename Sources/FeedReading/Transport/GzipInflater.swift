import CZlib

/// Inflates a gzip body (RFC 1952) that is in memory, up to a limit.
enum GzipInflater {
    /// Why a body cannot be inflated.
    enum Failure: Error, Hashable {
        /// It inflates to more than the limit; nothing beyond it was kept.
        case tooLarge
        /// It ends before its last member does.
        case truncated
        /// It is no gzip, its checksum does not fit, or something else follows it.
        case damaged
    }

    /// Output is made in pieces of this size, so that a bomb is noticed within one of them.
    private static let pieceBytes = 64 << 10
    /// 15 bits of window, plus 16 for "gzip alone" (zlib manual, `inflateInit2`).
    private static let windowBits: Int32 = 15 + 16

    /// Inflates all members of a gzip body.
    static func inflate(_ body: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        var output: [UInt8] = []
        if let failure = inflate(body, into: &output, limit: limit) { throw failure }
        return output
    }

    /// Inflates the beginning of a gzip body, as far as it can be and up to a limit.
    static func beginning(of body: [UInt8], limit: Int) -> [UInt8] {
        var output: [UInt8] = []
        // What stops it is for whoever reads the whole.
        _ = inflate(body, into: &output, limit: limit)
        return output
    }

    /// Inflates until the input ends; returns what stopped it before, if anything did.
    private static func inflate(_ body: [UInt8], into output: inout [UInt8], limit: Int) -> Failure?
    {
        var stream = z_stream()
        output.reserveCapacity(min(limit, body.count * 4))
        // zlib keeps the stream's address, so it stays in one place until the end.
        return withUnsafeMutablePointer(to: &stream) { stream in
            let size = Int32(MemoryLayout<z_stream>.size)
            guard inflateInit2_(stream, windowBits, ZLIB_VERSION, size) == Z_OK else {
                return .damaged
            }
            defer { inflateEnd(stream) }
            return body.withUnsafeBufferPointer { input in
                // zlib reads from it alone, whatever its declaration says.
                stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.pointee.avail_in = UInt32(input.count)
                return drain(stream, into: &output, limit: limit)
            }
        }
    }

    /// Inflates until the input ends; returns what stopped it before, if anything did.
    private static func drain(
        _ stream: UnsafeMutablePointer<z_stream>,
        into output: inout [UInt8],
        limit: Int
    ) -> Failure? {
        var piece = [UInt8](repeating: 0, count: pieceBytes)
        while true {
            let status = piece.withUnsafeMutableBufferPointer { piece -> Int32 in
                stream.pointee.next_out = piece.baseAddress
                stream.pointee.avail_out = UInt32(piece.count)
                return CZlib.inflate(stream, Z_NO_FLUSH)
            }
            let written = pieceBytes - Int(stream.pointee.avail_out)
            guard output.count + written <= limit else {
                output.append(contentsOf: piece[..<(limit - output.count)])
                return .tooLarge
            }
            output.append(contentsOf: piece[..<written])
            switch status {
            case Z_STREAM_END:
                guard stream.pointee.avail_in > 0 else { return nil }
                // RFC 1952 section 2.2: members follow each other, nothing else does.
                guard inflateReset(stream) == Z_OK else { return .damaged }
            case Z_OK:
                continue
            case Z_BUF_ERROR:
                return .truncated
            default:
                return .damaged
            }
        }
    }
}
