import EventModel

/// Finds access lists in JSON objects, as the stream `$settings` has them.
///
/// What is no such text counts as saying nothing, as unreadable metadata does everywhere.
enum AccessListText {
    /// The list under one name of an object: `$acl`, `$userStreamAcl`, `$systemStreamAcl`.
    static func list(named name: String, in bytes: [UInt8]) -> StreamAccessList? {
        var found: StreamAccessList?
        // What is wrong is of no interest here.
        let isReadable: Void? = try? JSONReader.forEachMember(of: bytes) { member, value in
            if member == name { found = try StreamAccessList(reading: bytes, in: value) }
        }
        return isReadable == nil ? nil : found
    }
}
