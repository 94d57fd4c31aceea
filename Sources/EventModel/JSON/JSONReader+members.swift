extension JSONReader {
    /// Walks over the members of the one object that a text must be, with white space around it.
    ///
    /// - Parameters:
    ///   - bytes: The bytes that hold the text; any bytes.
    ///   - range: Where the text stands in them; all of them where it is not given.
    ///   - body: Gets the name of each member, nil for one that is no text, and where its value
    ///     stands. Earlier members have been given to it when a later one turns out to be no JSON.
    /// - Throws: ``JSONError`` where it is no object; what `body` throws.
    package static func forEachMember(
        of bytes: [UInt8],
        in range: Range<Int>? = nil,
        _ body: (_ name: String?, _ value: Range<Int>) throws -> Void
    ) throws {
        var reader = JSONReader(bytes, in: range)
        try reader.enterObject()
        var isFirst = true
        while let name = try reader.nextName(isFirst: isFirst) {
            isFirst = false
            // Half a surrogate pair is no text.
            try body(try? name.text(in: bytes), try reader.value())
        }
        try reader.endText()
    }
}
