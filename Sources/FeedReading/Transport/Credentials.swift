public import FoundationEssentials

/// A user's name and password for one server (RFC 7617, in UTF-8).
///
/// They go with requests to the scheme, host and port that they are for and with no others,
/// wherever a redirect or a link leads. Nothing that describes this value shows the password.
public struct Credentials: Sendable, CustomStringConvertible, CustomReflectable {
    /// The name of the user.
    public let user: String
    private let origin: Origin
    private let authorization: String

    /// Takes a name and a password.
    ///
    /// - Parameters:
    ///   - user: The name: not empty, without a colon and control characters.
    ///   - password: The password: without control characters.
    ///   - address: Any address of the server.
    /// - Throws: ``InvalidCredentials``.
    public init(user: String, password: String, for address: URL) throws(InvalidCredentials) {
        guard !user.isEmpty else { throw .emptyUser }
        guard !user.utf8.contains(UInt8(ascii: ":")) else { throw .colonInUser }
        guard !Self.hasControls(user), !Self.hasControls(password) else {
            throw .controlCharacters
        }
        self.user = user
        origin = Origin(address)
        authorization = "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
    }

    /// The value of `Authorization` in a request to `address`; nil where it must not have one.
    func authorization(for address: URL) -> String? {
        Origin(address) == origin ? authorization : nil
    }

    private static func hasControls(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
    }

    /// The name of the user.
    public var description: String { "the user \(user)" }

    /// The name of the user, for whoever prints all parts of a value.
    public var customMirror: Mirror { Mirror(self, children: ["user": user]) }
}

/// Why a name and a password cannot be sent.
public enum InvalidCredentials: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no name.
    case emptyUser
    /// The name has a colon, which ends it where it is read.
    case colonInUser
    /// The name or the password has control characters.
    case controlCharacters

    /// What is wrong, without the password.
    public var description: String {
        switch self {
        case .emptyUser: "the user has no name"
        case .colonInUser: "the name of a user cannot have a colon"
        case .controlCharacters: "the user's name or password has control characters"
        }
    }
}
