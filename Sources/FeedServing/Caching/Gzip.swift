import CZlib
import NIOCore

/// The gzip coding (RFC 1952): the same bytes for the same input, on every server.
enum Gzip {
    /// Below this the coding saves nothing worth the trouble: 512 bytes.
    static let leastBytes = 512

    /// zlib refused to work; only for lack of memory.
    struct Failure: Error, CustomStringConvertible {
        /// The code of zlib.
        let code: Int32

        var description: String { "zlib failed with code \(code)" }
    }

    /// Compresses bytes at level 6, without time and name, operating system 255.
    ///
    /// - Parameter bytes: What to compress.
    /// - Returns: One gzip member.
    /// - Throws: ``Failure``.
    /// - Complexity: Some 30 ms for a megabyte of text.
    static func compress(_ bytes: ByteBuffer) throws(Failure) -> [UInt8] {
        var stream = z_stream()
        var header = gz_header()
        header.os = 255
        // zlib keeps the addresses of both, so they must not move between the calls.
        let (output, code) = withUnsafeMutablePointer(to: &stream) { stream in
            withUnsafeMutablePointer(to: &header) { header in
                deflateAll(bytes, stream, header)
            }
        }
        guard code == Z_STREAM_END else { throw Failure(code: code) }
        return output
    }

    private static func deflateAll(
        _ bytes: ByteBuffer,
        _ stream: UnsafeMutablePointer<z_stream>,
        _ header: UnsafeMutablePointer<gz_header>
    ) -> (output: [UInt8], code: Int32) {
        // 31 window bits: 15, and 16 for the gzip format. Memory level 8 is zlib's default.
        var code = deflateInit2_(
            stream,
            6,
            Z_DEFLATED,
            31,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        guard code == Z_OK else { return ([], code) }
        defer { deflateEnd(stream) }
        deflateSetHeader(stream, header)
        let bound = Int(deflateBound(stream, UInt(bytes.readableBytes)))
        let output = [UInt8](unsafeUninitializedCapacity: bound) { target, count in
            bytes.withUnsafeReadableBytes { source in
                // zlib only reads through next_in; the C interface has no const there.
                stream.pointee.next_in = UnsafeMutablePointer(
                    mutating: source.bindMemory(to: UInt8.self).baseAddress
                )
                stream.pointee.avail_in = UInt32(source.count)
                stream.pointee.next_out = target.baseAddress
                stream.pointee.avail_out = UInt32(target.count)
                code = deflate(stream, Z_FINISH)
            }
            count = bound - Int(stream.pointee.avail_out)
        }
        return (output, code)
    }
}
