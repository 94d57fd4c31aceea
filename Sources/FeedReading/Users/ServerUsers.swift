package import AccessControl
import EventModel
import FeedPages
import FoundationEssentials
import HTTPTypes
package import Subscriptions

/// The users of a running server, through its resource `/users`.
package struct ServerUsers: Sendable {
    /// How much of an answer is read: all users with the longest names.
    private static let answerBytes = 64 << 20

    private let root: URL
    private let conversation: WebConversation
    private let deadline: Duration

    /// Prepares to ask; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - location: The address of the server.
    ///   - transport: Carries requests.
    ///   - deadline: How long one whole answer may take.
    /// - Throws: `SourceError` (`unusableAddress`) for a folder.
    package init(
        of location: FeedLocation,
        over transport: any HTTPTransport,
        deadline: Duration = .seconds(60)
    ) throws(SourceError) {
        let root = try ServerRoot.of(location)
        self.root = root.withoutUserAndFragment
        conversation = WebConversation(over: transport)
        self.deadline = deadline
    }

    /// Lists all users.
    package func users() async throws -> [User] {
        let answer = try await ask(.get, "", nil)
        guard answer.status == 200 else { throw RequestRefused(answer) }
        do throws(JSONError) {
            return try UserListReader.users(in: answer.body)
        } catch {
            throw EventStoreError(
                .corrupt,
                "\(answer.name) answered with what is no list of users: \(error)",
                cause: error
            )
        }
    }

    /// Adds a user; the server hashes the password.
    package func create(_ user: NewUser, password: String) async throws {
        if !user.groups.contains(Role.admins), try await users().isEmpty {
            throw UserRefusal.firstMustBeAdmin(user.login)
        }
        let body = Self.object([
            ("loginName", .text(user.login)), ("fullName", .text(user.fullName)),
            ("groups", .texts(user.groups)), ("password", .text(password)),
        ])
        let answer = try await ask(.post, "", body)
        if answer.status == 409 { throw UserRefusal.loginTaken(user.login) }
        guard answer.status == 201 else { throw RequestRefused(answer) }
    }

    /// Replaces a password.
    package func setPassword(_ login: String, _ password: String) async throws {
        let body = Self.object([("newPassword", .text(password))])
        try await change(login, .post, "/command/reset-password", body)
    }

    /// Has a user refused from now on, or no longer.
    package func setDisabled(_ login: String, _ isDisabled: Bool) async throws {
        try await change(login, .post, "/command/\(isDisabled ? "disable" : "enable")", [])
    }

    /// Removes a user.
    package func delete(_ login: String) async throws {
        try await change(login, .delete, "", nil)
    }

    private func change(
        _ login: String,
        _ method: HTTPRequest.Method,
        _ rest: String,
        _ body: [UInt8]?
    ) async throws {
        let answer = try await ask(method, Self.escaped(login) + rest, body)
        switch answer.status {
        case 200: return
        case 409: throw UserRefusal.lastAdmin(login)
        // Where there is no such resource the answer has no such body.
        case 404 where String(decoding: answer.body, as: UTF8.self).contains("\"NotFound\""):
            throw UserRefusal.unknown(login)
        default: throw RequestRefused(answer)
        }
    }

    private func ask(_ method: HTTPRequest.Method, _ path: String, _ body: [UInt8]?) async throws
        -> HTTPExchangeAnswer
    {
        guard let url = URL(string: "users/\(path)", relativeTo: root)?.absoluteURL else {
            throw SourceError(.unusableAddress, "\(root.absoluteString) is no server's address")
        }
        var question = WebConversation.Question(
            url,
            bodyLimit: Self.answerBytes,
            deadline: deadline
        )
        question.method = method
        question.body = body
        question.staysAtOrigin = true
        question.fields[.accept] = "application/json"
        if body != nil { question.fields[.contentType] = "application/json" }
        do {
            return try await conversation.ask(question)
        } catch let error as ExchangeError {
            throw StoreAnswer.error(error)
        }
    }

    private enum Member {
        case text(String)
        case texts([String])
    }

    private static func object(_ members: [(StaticString, Member)]) -> [UInt8] {
        var bytes: [UInt8] = Array("{".utf8)
        for (index, (name, member)) in members.enumerated() {
            if index > 0 { bytes += ",".utf8 }
            JSONWriting.appendName(name, to: &bytes)
            switch member {
            case .text(let text):
                JSONWriting.appendString(text, to: &bytes)
            case .texts(let texts):
                bytes += "[".utf8
                for (index, text) in texts.enumerated() {
                    if index > 0 { bytes += ",".utf8 }
                    JSONWriting.appendString(text, to: &bytes)
                }
                bytes += "]".utf8
            }
        }
        bytes += "}".utf8
        return bytes
    }

    private static func escaped(_ login: String) -> String {
        var escaped = ""
        for byte in login.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                byte < 0x80
                && (scalar.properties.isAlphabetic
                    || "0123456789-._~".unicodeScalars.contains(scalar))
            escaped += isPlain ? String(scalar) : "%" + Hex.string(of: [byte]).uppercased()
        }
        return escaped
    }
}

/// Reads the list that `/users/` answers with.
private enum UserListReader {
    static func users(in bytes: [UInt8]) throws(JSONError) -> [User] {
        try JSONReader.validate(bytes)
        var reader = JSONReader(bytes)
        var users: [User] = []
        try forEachMember(&reader) { name, reader throws(JSONError) in
            guard name == "data" else {
                _ = try reader.value()
                return
            }
            try reader.enterArray()
            while try reader.nextElement(isFirst: users.isEmpty) {
                users.append(try user(&reader))
            }
        }
        return users
    }

    private static func user(_ reader: inout JSONReader) throws(JSONError) -> User {
        var (login, fullName, updated) = ("", "", "")
        var groups: [String] = []
        var isDisabled = false
        try forEachMember(&reader) { name, reader throws(JSONError) in
            switch name {
            case "loginName": login = try text(&reader)
            case "fullName": fullName = try text(&reader)
            case "dateLastUpdated": updated = try text(&reader)
            case "disabled":

                let value = try reader.value()
                isDisabled = reader.bytes[value.lowerBound] == UInt8(ascii: "t")
            case "groups":
                try reader.enterArray()
                while try reader.nextElement(isFirst: groups.isEmpty) {
                    groups.append(try text(&reader))
                }
            default: _ = try reader.value()
            }
        }
        return User(
            login: login,
            fullName: fullName,
            groups: groups,
            isDisabled: isDisabled,
            updatedAt: Timestamp(rfc3339: updated) ?? Timestamp(microseconds: 0)
        )
    }

    private static func text(_ reader: inout JSONReader) throws(JSONError) -> String {
        _ = reader.peek()
        return try reader.string().text(in: reader.bytes)
    }

    private static func forEachMember(
        _ reader: inout JSONReader,
        _ body: (String, inout JSONReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        _ = reader.peek()
        try reader.enterObject()
        var isFirst = true
        while let name = try reader.nextName(isFirst: isFirst) {
            isFirst = false
            try body(try name.text(in: reader.bytes), &reader)
        }
    }
}
