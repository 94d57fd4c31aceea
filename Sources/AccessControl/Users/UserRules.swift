import Foundation

/// What was given for a user and breaks a rule.
public struct InvalidUser: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which field was refused.
    public enum Field: String, Hashable, Sendable {
        /// The login.
        case login
        /// The name for people.
        case fullName = "full name"
        /// The name of one group.
        case group
        /// The list of groups.
        case groups
        /// The password, whose text never becomes part of an error.
        case password
    }

    /// Which field was refused.
    public let field: Field
    /// The rule that was broken, as the rest of a sentence that begins with the field.
    public let rule: String

    /// One sentence that names the field and the rule.
    public var description: String { "the \(field.rawValue) \(rule)" }
}

/// The rules for what users and groups are called, and every limit on them.
public enum UserRules {
    /// Bytes of UTF-8 in a login or the name of a group: 255.
    public static let nameBytes = 255
    /// Bytes of UTF-8 in a full name: 512.
    public static let fullNameBytes = 512
    /// Groups that one user may be in: 100.
    public static let groupCount = 100
    /// Bytes of UTF-8 in a password: 1,024.
    public static let passwordBytes = 1_024
    /// Users that a directory has at the most: 10,000.
    public static let userCount = 10_000

    /// Checks a login: 1 to 255 bytes of UTF-8 in the composed form, without control characters,
    /// `:`, `/` and surrounding space, and not beginning with `$`.
    ///
    /// A login is a role, too: one that begins with `$` could be taken for a group of the system.
    ///
    /// - Parameter login: The login.
    /// - Throws: ``InvalidUser`` that names the rule.
    public static func checkLogin(_ login: String) throws(InvalidUser) {
        try checkName(login, .login)
        guard login.utf8.first != UInt8(ascii: "$") else {
            throw InvalidUser(
                field: .login,
                rule: "begins with $, which only groups of the system do"
            )
        }
    }

    /// Checks the name of a group: as a login, but it may begin with `$`; `$all` is everybody and
    /// no group.
    ///
    /// - Parameter group: The name.
    /// - Throws: ``InvalidUser`` that names the rule.
    public static func checkGroup(_ group: String) throws(InvalidUser) {
        try checkName(group, .group)
        guard group != Role.all else {
            throw InvalidUser(field: .group, rule: "$all is everybody: leave it out")
        }
    }

    /// Checks the groups of one user: at most 100.
    ///
    /// - Parameter groups: The names.
    /// - Throws: ``InvalidUser`` that names the rule.
    public static func checkGroups(_ groups: [String]) throws(InvalidUser) {
        guard groups.count <= groupCount else {
            throw InvalidUser(
                field: .groups,
                rule: "are \(groups.count), the limit is \(groupCount)"
            )
        }
        for group in groups { try checkGroup(group) }
    }

    /// Checks a full name: up to 512 bytes of UTF-8 without control characters.
    ///
    /// - Parameter name: The name, which may be empty.
    /// - Throws: ``InvalidUser`` that names the rule.
    public static func checkFullName(_ name: String) throws(InvalidUser) {
        try checkLength(name, .fullName, limit: fullNameBytes)
        try checkCharacters(name, .fullName)
    }

    /// Checks a password: 1 to 1,024 bytes of UTF-8, whatever they are.
    ///
    /// - Parameter password: The password.
    /// - Throws: ``InvalidUser`` that names the rule, never the password.
    public static func checkPassword(_ password: String) throws(InvalidUser) {
        guard !password.isEmpty else {
            throw InvalidUser(
                field: .password,
                rule: "is empty: give 1 to \(passwordBytes) bytes of UTF-8"
            )
        }
        try checkLength(password, .password, limit: passwordBytes)
    }

    private static func checkName(_ name: String, _ field: InvalidUser.Field) throws(InvalidUser) {
        guard !name.isEmpty else {
            throw InvalidUser(
                field: field,
                rule: "is empty: give 1 to \(nameBytes) bytes of UTF-8"
            )
        }
        try checkLength(name, field, limit: nameBytes)
        try checkCharacters(name, field)
        guard name.utf8.first != UInt8(ascii: " "), name.utf8.last != UInt8(ascii: " ") else {
            throw InvalidUser(field: field, rule: "begins or ends with a space: remove it")
        }
        for byte in [UInt8(ascii: ":"), UInt8(ascii: "/")] where name.utf8.contains(byte) {
            let character = Character(Unicode.Scalar(byte))
            throw InvalidUser(field: field, rule: "contains \(character), which is not allowed")
        }
        // Roles are compared as Swift compares strings, by canonical equivalence. With one form
        // only for each name that is the same as comparing bytes, as databases do.
        guard name.precomposedStringWithCanonicalMapping.utf8.elementsEqual(name.utf8) else {
            throw InvalidUser(
                field: field,
                rule: "has accents apart from their letters: write it in composed form (NFC)"
            )
        }
    }

    private static func checkLength(_ text: String, _ field: InvalidUser.Field, limit: Int)
        throws(InvalidUser)
    {
        let bytes = text.utf8.count
        guard bytes <= limit else {
            throw InvalidUser(
                field: field,
                rule: "has \(bytes) bytes of UTF-8, the limit is \(limit)"
            )
        }
    }

    private static func checkCharacters(_ text: String, _ field: InvalidUser.Field)
        throws(InvalidUser)
    {
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0...0x1F, 0x7F...0x9F, 0xFFFE, 0xFFFF:
                let code = String(scalar.value, radix: 16, uppercase: true)
                throw InvalidUser(
                    field: field,
                    rule: "contains U+\(code): control characters, U+FFFE and U+FFFF are not "
                        + "allowed"
                )
            default: break
            }
        }
    }
}
