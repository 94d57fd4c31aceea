import EventModel

import EventTesting
import Foundation

/// An Event Store product of a few lines: the part of its interface that a migration reads, in the
/// ways of one version or another.
struct ScriptedProduct: Sendable {
    /// An event as the product has it.
    struct Event: Sendable {
        var stream: String
        var number: Int64
        var type: String
        var id: String
        var data: [UInt8]
        var isJSON: Bool
        var metadata = ""

        init(
            _ stream: String,
            _ number: Int64,
            _ type: String,
            _ data: String,
            isJSON: Bool = true,
            metadata: String = ""
        ) {
            (self.stream, self.number, self.type) = (stream, number, type)
            (self.data, self.isJSON, self.metadata) = (Array(data.utf8), isJSON, metadata)
            id = UUID().uuidString.lowercased()
        }

        init(
            _ stream: String,
            _ number: Int64,
            _ data: String,
            isJSON: Bool = true,
            metadata: String = ""
        ) {
            self.init(stream, number, "T", data, isJSON: isJSON, metadata: metadata)
        }
    }

    /// Which version it is.
    enum Version: Sendable {
        /// Follows links in `$all` whatever is asked, leaves members out that are null.
        case five
        /// Follows links where that is asked, writes members that are null.
        case twenty
    }

    var version: Version
    var events: [Event]
    /// Streams that were deleted for ever: of them only `$all` has something.
    var tombstoned: Set<String> = []
    /// The first number of streams that is not hidden.
    var firstNumbers: [String: Int64] = [:]
    /// `name:password`, where a login is demanded.
    var login: String?

    /// The script of a server.
    func answer(_ request: ScriptedServer.Request) -> [ScriptedServer.Step] {
        if let login {
            let field = "Basic " + Data(login.utf8).base64EncodedString()
            guard request["authorization"] == field else {
                return [.answer(401, ["WWW-Authenticate: BasicCustom realm=\"ES\""])]
            }
        }
        let parts = request.target.split(separator: "?")
        let path = parts[0].split(separator: "/").map { $0.removingPercentEncoding ?? "" }
        let embed = parts.count > 1 ? String(parts[1].dropFirst("embed=".count)) : ""
        guard path.count > 2, path[0] == "streams" else { return [.answer(404)] }
        let resolves =
            path[1] == "$all" && version == .five || request["es-resolvelinktos"] != "False"
        if path[1] == "$all" { return all(Array(path.dropFirst(2)), embed, resolves) }
        return stream(path[1], Array(path.dropFirst(2)), embed, resolves, request["accept"])
    }

    private func all(_ path: [String], _ embed: String, _ resolves: Bool) -> [ScriptedServer.Step] {
        guard path.count == 3, let count = Int(path[2]) else { return [.answer(400)] }
        if path[0] == "head" {
            return page(events.suffix(count), embed, resolves, next: nil, tag: events.count * 100)
        }
        // A place in the log is no count of events.
        guard path[0].count == 32, let place = Int(path[0].prefix(16), radix: 16) else {
            return [.answer(400)]
        }
        let start = place / 100
        let slice = events.dropFirst(start).prefix(count)
        let digits = String(format: "%016X", (start + slice.count) * 100)
        let next = slice.isEmpty ? nil : "http://elsewhere:1/streams/%24all/\(digits)\(digits)"
        return page(slice, embed, resolves, next: next.map { "\($0)/forward/\(count)" }, tag: nil)
    }

    private func stream(
        _ name: String,
        _ path: [String],
        _ embed: String,
        _ resolves: Bool,
        _ accept: String?
    ) -> [ScriptedServer.Step] {
        if tombstoned.contains(name) { return [.answer(410)] }
        let own = events.filter { $0.stream == name && isVisible($0) }
        guard let number = Int64(path[0]) else { return [.answer(400)] }
        if path.count == 3, let count = Int64(path[2]) {
            let slice = own.filter { $0.number >= number && $0.number < number + count }
            return own.isEmpty
                ? [.answer(404)] : page(slice[...], embed, resolves, next: nil, tag: nil)
        }
        guard let event = own.first(where: { $0.number == number }) else { return [.answer(404)] }
        guard accept == "application/octet-stream" else { return [.answer(406)] }
        return [.answer(200, ["Content-Type: application/octet-stream"], event.data)]
    }

    private func isVisible(_ event: Event) -> Bool {
        event.number >= firstNumbers[event.stream] ?? 0 && !tombstoned.contains(event.stream)
    }
}

/// Documents.
extension ScriptedProduct {
    private func page(
        _ events: ArraySlice<Event>,
        _ embed: String,
        _ resolves: Bool,
        next: String?,
        tag: Int?
    ) -> [ScriptedServer.Step] {
        let links =
            [("self", "http://elsewhere:1/streams/x")] + (next.map { [("previous", $0)] } ?? [])
        let members = [
            "\"title\": \"All events\"", null("streamId"), "\"headOfStream\": false",
            "\"links\": ["
                + links.map { "{\"uri\": \(text($0.1)), \"relation\": \(text($0.0))}" }
                .joined(separator: ", ") + "]",
            "\"entries\": ["
                + events.reversed().map { entry($0, embed, resolves) }.joined(separator: ",\n")
                + "]",
        ]
        let body = "{\n" + members.compactMap { $0 }.joined(separator: ",\n") + "\n}"
        let type = "Content-Type: application/vnd.eventstore.atom+json; charset=utf-8"
        return [.answer(200, [type] + (tag.map { ["ETag: \"\($0);-7\""] } ?? []), text: body)]
    }

    private func entry(_ event: Event, _ embed: String, _ resolves: Bool) -> String {
        var shown = event
        if resolves, event.type == "$>" {
            let link = String(decoding: event.data, as: UTF8.self).split(separator: "@")
            let target = events.first {
                "\($0.number)" == link[0] && $0.stream == link[1] && isVisible($0)
            }
            guard let target else { return object(plain("\(link[0])@\(link[1])", event)) }
            shown = target
        }
        let isLink = shown.id != event.id
        let number = "\(shown.number)"
        var isJSON = shown.isJSON
        var data: String?
        if embed == "tryharder" || embed == "body" && shown.isJSON, !shown.data.isEmpty {
            let exact = String(decoding: shown.data, as: UTF8.self)
            data = exact
            if embed == "tryharder", exact.hasPrefix("{") {
                data = "{\n  " + exact.dropFirst()
                isJSON = true
            }
        }
        let metadata = shown.metadata.isEmpty || embed == "rich" ? nil : shown.metadata
        let link = isLink && !event.metadata.isEmpty ? event.metadata : nil
        let members: [String?] = [
            "\"eventId\": \(text(shown.id))", "\"eventType\": \(text(shown.type))",
            "\"eventNumber\": \(number)", data.map { "\"data\": \(text($0))" } ?? null("data"),
            metadata.map { "\"metaData\": \(text($0))" } ?? null("metaData"),
            link.map { "\"linkMetaData\": \(text($0))" } ?? null("linkMetaData"),
            "\"streamId\": \(text(shown.stream))", "\"isJson\": \(isJSON)",
            "\"positionEventNumber\": \(event.number)",
            "\"positionStreamId\": \(text(event.stream))", null("retryCount"),
        ]
        return object(members + plain("\(number)@\(shown.stream)", event))
    }

    private func plain(_ title: String, _ event: Event) -> [String?] {
        ["\"title\": \(text(title))", "\"summary\": \(text(event.type))", null("content")]
    }

    private func object(_ members: [String?]) -> String {
        "{" + members.compactMap { $0 }.joined(separator: ", ") + "}"
    }

    /// A member without a value, where the version writes such.
    private func null(_ name: String) -> String? { version == .twenty ? "\"\(name)\": null" : nil }

    private func text(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case _ where scalar.value < 0x20: text += String(format: "\\u%04x", scalar.value)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return "\"\(text)\""
    }
}
