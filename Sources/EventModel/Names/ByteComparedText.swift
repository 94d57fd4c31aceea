/// Text that is compared byte by byte, as every store and every other language compares it.
///
/// Swift's `String` is equal to another when both are canonically equivalent: a composed "é"
/// equals "e" with a combining accent. SQLite, PostgreSQL and the clients of a feed see different
/// bytes there, so names wrap their text in a type that conforms to this protocol.
public protocol ByteComparedText: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The text as it was given.
    var text: String { get }
}

extension ByteComparedText {
    /// The text itself.
    public var description: String { text }

    /// Compares the UTF-8 bytes of both texts.
    public static func == (lhs: Self, rhs: Self) -> Bool {
        var (left, right) = (lhs.text, rhs.text)
        // Contiguous bytes are compared as a block, which iterating over both views is not.
        return left.withUTF8 { left in
            right.withUTF8 { right in left.count == right.count && left.elementsEqual(right) }
        }
    }

    /// Orders by UTF-8 bytes, which is also the order of Unicode scalars.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.text.utf8.lexicographicallyPrecedes(rhs.text.utf8)
    }

    /// Hashes the UTF-8 bytes.
    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0xFF as UInt8)
    }
}
