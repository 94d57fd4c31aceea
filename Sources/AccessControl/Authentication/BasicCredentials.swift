import Foundation

/// What an `Authorization` field of the scheme Basic says (RFC 7617, with UTF-8).
struct BasicCredentials: Hashable, Sendable {
    /// Bytes of a field that are looked at: what the longest login and password need.
    static let fieldBytes = 2_048

    /// What stands before the first `:`.
    let login: String
    /// What stands after it; it may hold more of them.
    let password: String

    /// Reads a field.
    ///
    /// - Parameter field: The whole value; returns nil for another scheme, for what is no base64,
    ///   no UTF-8 or has no `:`, and for what is longer than any login and password.
    init?(field: String) {
        guard field.utf8.count <= Self.fieldBytes else { return nil }
        let parts = field.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "basic",
            // One text has one form: Foundation takes more than that.
            let data = Data(base64Encoded: String(parts[1])),
            data.base64EncodedString().utf8.elementsEqual(parts[1].utf8),
            let text = String(validating: data, as: UTF8.self),
            let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")),
            let login = String(text.utf8[..<colon]),
            let password = String(text.utf8[text.utf8.index(after: colon)...])
        else { return nil }
        self.login = login
        self.password = password
    }
}
