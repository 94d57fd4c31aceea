import EventModel

/// Reads access lists from JSON objects, in the form of the Event Store product.
///
/// What is no such text counts as saying nothing, as unreadable metadata does everywhere.
package enum AccessListText {
    /// Whether an object has any list.
    package static func isIn(_ bytes: [UInt8]) -> Bool {
        ["$acl", "$userStreamAcl", "$systemStreamAcl"].contains {
            list(named: $0, in: bytes) != nil
        }
    }

    /// The list under one name of an object: `$acl`, `$userStreamAcl`, `$systemStreamAcl`.
    static func list(named name: String, in bytes: [UInt8]) -> StreamAccessList? {
        do throws(JSONError) {
            try JSONReader.validate(bytes)
            var reader = JSONReader(bytes)
            var found: StreamAccessList?
            try forEachMember(&reader) { member, reader throws(JSONError) in
                if member.elementsEqual(name.utf8) {
                    found = try list(&reader)
                } else {
                    _ = try reader.value()
                }
            }
            return found
        } catch {
            return nil
        }
    }

    private static func list(_ reader: inout JSONReader) throws(JSONError) -> StreamAccessList {
        var list = StreamAccessList()
        try forEachMember(&reader) { member, reader throws(JSONError) in
            switch String(decoding: member, as: UTF8.self) {
            case "$r": list.read = try roles(&reader)
            case "$w": list.write = try roles(&reader)
            case "$d": list.delete = try roles(&reader)
            case "$mr": list.readMetadata = try roles(&reader)
            case "$mw": list.writeMetadata = try roles(&reader)
            default: _ = try reader.value()
            }
        }
        return list
    }

    /// One role, or an array of them.
    private static func roles(_ reader: inout JSONReader) throws(JSONError) -> [String] {
        guard reader.peek() == UInt8(ascii: "[") else {
            return [try reader.string().text(in: reader.bytes)]
        }
        try reader.enterArray()
        var roles: [String] = []
        while try reader.nextElement(isFirst: roles.isEmpty) {
            _ = reader.peek()
            roles.append(try reader.string().text(in: reader.bytes))
        }
        return roles
    }

    private static func forEachMember(
        _ reader: inout JSONReader,
        _ body: (ArraySlice<UInt8>, inout JSONReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        _ = reader.peek()
        try reader.enterObject()
        var isFirst = true
        while let name = try reader.nextName(isFirst: isFirst) {
            isFirst = false
            try body(try name.utf8(in: reader.bytes), &reader)
        }
    }
}
