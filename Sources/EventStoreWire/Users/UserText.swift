import AccessControl
import EventModel

/// Users and the outcome of changes as the product writes them in JSON.
enum UserText {
    /// What became of a request about users, in the product's word.
    enum Outcome: String {
        case success = "Success"
        case conflict = "Conflict"
        case notFound = "NotFound"
        case unauthorized = "Unauthorized"
        case error = "Error"
    }

    /// One line of an object or array that is indented by two spaces a level, as all of the
    /// product's JSON is.
    private indirect enum Value {
        case text(String)
        case plain(String)
        case list([Value])
        case object([(String, Value)])
    }

    /// The number by which the product calls the answer to a change.
    private static let updateNumber = "124"
    /// The number by which it calls the answer to a question for one user.
    private static let detailsNumber = "127"

    /// The answer to a change.
    static func update(_ login: String, _ outcome: Outcome) -> [UInt8] {
        render(
            .object([
                ("loginName", .text(login)),
                ("success", .plain(outcome == .success ? "true" : "false")),
                ("error", .text(outcome.rawValue)),
                ("msgTypeId", .plain(updateNumber)),
            ])
        )
    }

    /// The answer to a question that failed.
    static func failure(_ outcome: Outcome) -> [UInt8] {
        render(
            .object([
                ("success", .plain("false")),
                ("error", .text(outcome.rawValue)),
                ("msgTypeId", .plain(detailsNumber)),
            ])
        )
    }

    /// The answer to a question for one user.
    ///
    /// - Parameters:
    ///   - user: The user.
    ///   - links: Makes the absolute address of a path below `/users/`; nil for no links.
    /// - Returns: The body.
    static func details(_ user: User, links: ((String) -> String)?) -> [UInt8] {
        success(with: value(of: user, links: links))
    }

    /// The answer to a question for all users.
    static func list(_ users: [User], links: @escaping (String) -> String) -> [UInt8] {
        success(with: .list(users.map { value(of: $0, links: links) }))
    }

    private static func success(with data: Value) -> [UInt8] {
        render(
            .object([
                ("data", data),
                ("success", .plain("true")),
                ("error", .text(Outcome.success.rawValue)),
                ("msgTypeId", .plain(detailsNumber)),
            ])
        )
    }

    private static func value(of user: User, links: ((String) -> String)?) -> Value {
        var members: [(String, Value)] = [
            ("loginName", .text(user.login)),
            ("fullName", .text(user.fullName)),
            ("groups", .list(user.groups.map(Value.text))),
            ("dateLastUpdated", .text(date(user.updatedAt))),
            ("disabled", .plain(user.isDisabled ? "true" : "false")),
        ]
        if let links {
            let path = WireAddresses.escaped(user.login)
            let state = user.isDisabled ? "enable" : "disable"
            let relations = [
                ("\(path)/command/reset-password", "reset-password"),
                ("\(path)/command/change-password", "change-password"),
                (path, "edit"),
                (path, "delete"),
                ("\(path)/command/\(state)", state),
            ]
            members.append(
                (
                    "links",
                    .list(
                        relations.map { path, relation in
                            .object([("href", .text(links(path))), ("rel", .text(relation))])
                        }
                    )
                )
            )
        }
        return .object(members)
    }

    /// `2026-11-23T10:31:10.451536+00:00`: zeros at the end of the decimals are dropped.
    static func date(_ instant: Timestamp) -> String {
        var text = instant.description.dropLast()
        while text.last == "0" { text = text.dropLast() }
        if text.last == "." { text = text.dropLast() }
        return "\(text)+00:00"
    }

    private static func render(_ value: Value) -> [UInt8] {
        var bytes: [UInt8] = []
        append(value, level: 0, to: &bytes)
        return bytes
    }

    private static func append(_ value: Value, level: Int, to bytes: inout [UInt8]) {
        switch value {
        case .text(let text):
            JSONWriting.appendString(text, to: &bytes)
        case .plain(let text):
            bytes += text.utf8
        case .list(let values):
            appendAll(values, between: ("[", "]"), level: level, to: &bytes) { value, bytes in
                append(value, level: level + 1, to: &bytes)
            }
        case .object(let members):
            appendAll(members, between: ("{", "}"), level: level, to: &bytes) { member, bytes in
                JSONWriting.appendString(member.0, to: &bytes)
                bytes += ": ".utf8
                append(member.1, level: level + 1, to: &bytes)
            }
        }
    }

    private static func appendAll<Element>(
        _ elements: [Element],
        between brackets: (String, String),
        level: Int,
        to bytes: inout [UInt8],
        _ append: (Element, inout [UInt8]) -> Void
    ) {
        bytes += brackets.0.utf8
        for (index, element) in elements.enumerated() {
            bytes += (index == 0 ? "\n" : ",\n").utf8
            bytes += String(repeating: "  ", count: level + 1).utf8
            append(element, &bytes)
        }
        if !elements.isEmpty { bytes += ("\n" + String(repeating: "  ", count: level)).utf8 }
        bytes += brackets.1.utf8
    }
}
