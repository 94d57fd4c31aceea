extension StreamAccessList {
    /// Reads a list in the form of the Event Store product: an object with the keys `$r`, `$w`,
    /// `$d`, `$mr` and `$mw`, each of them one role or an array of roles.
    ///
    /// Unknown keys are ignored, of a key that stands there twice the last one counts.
    ///
    /// - Parameters:
    ///   - bytes: The bytes that hold the object; any bytes.
    ///   - range: Where it stands in them.
    /// - Throws: ``JSONError`` where it is no object, or a known key has a value of another kind.
    package init(reading bytes: [UInt8], in range: Range<Int>) throws {
        var list = StreamAccessList()
        try JSONReader.forEachMember(of: bytes, in: range) { name, value in
            // No letter of these names has a canonical equivalent: equal means the same bytes.
            switch name {
            case "$r": list.read = try Self.roles(bytes, value)
            case "$w": list.write = try Self.roles(bytes, value)
            case "$d": list.delete = try Self.roles(bytes, value)
            case "$mr": list.readMetadata = try Self.roles(bytes, value)
            case "$mw": list.writeMetadata = try Self.roles(bytes, value)
            default: break
            }
        }
        self = list
    }

    /// One role, or an array of them.
    private static func roles(_ bytes: [UInt8], _ range: Range<Int>) throws -> [String] {
        var reader = JSONReader(bytes, in: range)
        if reader.peek() == UInt8(ascii: "\"") { return [try reader.string().text(in: bytes)] }
        try reader.enterArray()
        var roles: [String] = []
        while try reader.nextElement(isFirst: roles.isEmpty) {
            _ = reader.peek()
            roles.append(try reader.string().text(in: bytes))
        }
        return roles
    }
}
