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

    /// The number by which the product calls the answer to a change.
    private static let updateNumber: Int64 = 124
    /// The number by which it calls the answer to a question for one user.
    private static let detailsNumber: Int64 = 127

    /// The answer to a change.
    static func update(_ login: String, _ outcome: Outcome) -> [UInt8] {
        var json = JSONOutput(capacity: 128)
        json.openObject()
        json.member("loginName", login)
        end(&json, outcome, updateNumber)
        return json.bytes
    }

    /// The answer to a question that failed.
    static func failure(_ outcome: Outcome) -> [UInt8] {
        var json = JSONOutput(capacity: 128)
        json.openObject()
        end(&json, outcome, detailsNumber)
        return json.bytes
    }

    /// The answer to a question for one user.
    ///
    /// - Parameters:
    ///   - user: The user.
    ///   - links: Makes the absolute address of a path below `/users/`; nil for no links.
    /// - Returns: The body.
    static func details(_ user: User, links: ((String) -> String)?) -> [UInt8] {
        success { append(user, links: links, to: &$0) }
    }

    /// The answer to a question for all users.
    static func list(_ users: [User], links: @escaping (String) -> String) -> [UInt8] {
        success { json in
            json.openArray()
            for user in users {
                json.element()
                append(user, links: links, to: &json)
            }
            json.closeArray()
        }
    }

    private static func success(_ data: (inout JSONOutput) -> Void) -> [UInt8] {
        var json = JSONOutput(capacity: 1_024)
        json.openObject()
        json.name("data")
        data(&json)
        end(&json, .success, detailsNumber)
        return json.bytes
    }

    /// What every answer ends with.
    private static func end(_ json: inout JSONOutput, _ outcome: Outcome, _ number: Int64) {
        json.name("success")
        json.bool(outcome == .success)
        json.member("error", outcome.rawValue)
        json.name("msgTypeId")
        json.number(number)
        json.closeObject()
    }

    private static func append(
        _ user: User,
        links: ((String) -> String)?,
        to json: inout JSONOutput
    ) {
        json.openObject()
        json.member("loginName", user.login)
        json.member("fullName", user.fullName)
        json.name("groups")
        json.openArray()
        for group in user.groups {
            json.element()
            json.string(group)
        }
        json.closeArray()
        json.member("dateLastUpdated", date(user.updatedAt))
        json.name("disabled")
        json.bool(user.isDisabled)
        if let links { append(links, of: user, to: &json) }
        json.closeObject()
    }

    private static func append(
        _ links: (String) -> String,
        of user: User,
        to json: inout JSONOutput
    ) {
        let path = PercentEncoding.encode(user.login)
        let state = user.isDisabled ? "enable" : "disable"
        json.name("links")
        json.openArray()
        for (path, relation) in [
            ("\(path)/command/reset-password", "reset-password"),
            ("\(path)/command/change-password", "change-password"),
            (path, "edit"),
            (path, "delete"),
            ("\(path)/command/\(state)", state),
        ] {
            json.element()
            json.openObject()
            json.member("href", links(path))
            json.member("rel", relation)
            json.closeObject()
        }
        json.closeArray()
    }

    /// `2026-11-23T10:31:10.451536+00:00`: zeros at the end of the decimals are dropped.
    static func date(_ instant: Timestamp) -> String {
        var text = instant.description.dropLast()
        while text.last == "0" { text = text.dropLast() }
        if text.last == "." { text = text.dropLast() }
        return "\(text)+00:00"
    }
}
