/// Base64 with the alphabet of RFC 4648 § 4, which Atom uses for what is not text.
public enum Base64 {
    /// Encodes bytes, with padding and without line breaks.
    ///
    /// - Parameter bytes: The bytes.
    /// - Returns: The ASCII bytes of the encoding, `4·⌈n/3⌉` of them.
    public static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var encoded: [UInt8] = []
        append(bytes, to: &encoded)
        return encoded
    }

    /// Decodes text, skipping white space (space, tab, line feed, carriage return).
    ///
    /// Padding must be there and be the end; bits that the padding leaves over must be 0, so that
    /// one encoding belongs to the bytes.
    ///
    /// - Parameter text: The encoding.
    /// - Returns: The bytes; `nil` if this is no Base64.
    public static func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8(decode)
    }

    /// Encodes bytes behind what is in a buffer.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - buffer: The buffer that grows by `4·⌈n/3⌉` bytes.
    package static func append(_ bytes: [UInt8], to buffer: inout [UInt8]) {
        let start = buffer.count
        let length = (bytes.count + 2) / 3 * 4
        buffer.append(contentsOf: repeatElement(UInt8(ascii: "="), count: length))
        bytes.withUnsafeBufferPointer { source in
            alphabet.withUnsafeBufferPointer { letters in
                buffer.withUnsafeMutableBufferPointer { target in
                    fill(target, from: start, source, letters)
                }
            }
        }
    }
}

extension Base64 {
    /// The 64 letters in order of their values.
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    /// Marks a byte that is no letter in ``values``.
    private static let invalid: UInt8 = 0xFF
    /// Marks white space in ``values``.
    private static let space: UInt8 = 0xFE

    /// The value of each byte as a letter.
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: invalid, count: 256)
        for (value, letter) in alphabet.enumerated() { table[Int(letter)] = UInt8(value) }
        for byte: UInt8 in [0x20, 0x09, 0x0A, 0x0D] { table[Int(byte)] = space }
        return table
    }()

    /// Writes letters over padding that is there already.
    private static func fill(
        _ target: UnsafeMutableBufferPointer<UInt8>,
        from start: Int,
        _ source: UnsafeBufferPointer<UInt8>,
        _ letters: UnsafeBufferPointer<UInt8>
    ) {
        var next = start
        var index = 0
        while index + 2 < source.count {
            let group =
                UInt32(source[index]) << 16 | UInt32(source[index + 1]) << 8
                | UInt32(source[index + 2])
            target[next] = letters[Int(group >> 18)]
            target[next + 1] = letters[Int(group >> 12 & 63)]
            target[next + 2] = letters[Int(group >> 6 & 63)]
            target[next + 3] = letters[Int(group & 63)]
            index += 3
            next += 4
        }
        let left = source.count - index
        guard left > 0 else { return }
        let second = left == 2 ? source[index + 1] : 0
        target[next] = letters[Int(source[index] >> 2)]
        target[next + 1] = letters[Int((source[index] & 3) << 4 | second >> 4)]
        if left == 2 { target[next + 2] = letters[Int((second & 15) << 2)] }
    }

    /// Decodes ASCII bytes.
    private static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        values.withUnsafeBufferPointer { values in
            var decoded: [UInt8] = []
            decoded.reserveCapacity(text.count / 4 * 3)
            var group: UInt32 = 0
            var letters = 0
            var index = 0
            while index < text.count {
                let value = values[Int(text[index])]
                if value < 64 {
                    group = group << 6 | UInt32(value)
                    letters += 1
                    if letters == 4 {
                        decoded.append(UInt8(truncatingIfNeeded: group >> 16))
                        decoded.append(UInt8(truncatingIfNeeded: group >> 8))
                        decoded.append(UInt8(truncatingIfNeeded: group))
                        group = 0
                        letters = 0
                    }
                } else if value != space {
                    break
                }
                index += 1
            }
            let tail = UnsafeBufferPointer(rebasing: text[index...])
            return finish(&decoded, group: group, letters: letters, padding: tail) ? decoded : nil
        }
    }

    /// Decodes the last group and checks the padding after it.
    private static func finish(
        _ decoded: inout [UInt8],
        group: UInt32,
        letters: Int,
        padding: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        var signs = 0
        for byte in padding where values[Int(byte)] != space {
            guard byte == UInt8(ascii: "=") else { return false }
            signs += 1
        }
        switch letters {
        case 0:
            return signs == 0
        case 2:
            guard signs == 2, group & 15 == 0 else { return false }
            decoded.append(UInt8(truncatingIfNeeded: group >> 4))
        case 3:
            guard signs == 1, group & 3 == 0 else { return false }
            decoded.append(UInt8(truncatingIfNeeded: group >> 10))
            decoded.append(UInt8(truncatingIfNeeded: group >> 2))
        default:
            return false
        }
        return true
    }
}
