import CZlib

/// What gzip bytes hold, by zlib's own hand.
enum Inflated {
    /// The bytes are no gzip member.
    struct Failure: Error {
        let code: Int32
    }

    /// Inflates one gzip member of at most 64 MiB.
    static func bytes(of packed: [UInt8]) throws -> [UInt8] {
        var output = [UInt8](repeating: 0, count: 64 << 20)
        var stream = z_stream()
        let code = withUnsafeMutablePointer(to: &stream) { stream -> Int32 in
            let begun = inflateInit2_(stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
            guard begun == Z_OK else { return begun }
            defer { inflateEnd(stream) }
            return packed.withUnsafeBufferPointer { source in
                output.withUnsafeMutableBufferPointer { target in
                    stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                    stream.pointee.avail_in = UInt32(source.count)
                    stream.pointee.next_out = target.baseAddress
                    stream.pointee.avail_out = UInt32(target.count)
                    return inflate(stream, Z_FINISH)
                }
            }
        }
        guard code == Z_STREAM_END else { throw Failure(code: code) }
        return Array(output.prefix(Int(stream.total_out)))
    }
}
