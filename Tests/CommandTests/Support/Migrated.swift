import Foundation
import Testing

/// What a store holds, one line an event, for comparing two stores.
enum Migrated {
    /// `stream number type id data metadata`, in the order of the store; data and metadata in hex.
    ///
    /// The id is the one that the writer gave.
    static func rows(_ store: String, where condition: String = "1") async throws -> [String] {
        try await SQL.rows(
            store,
            """
            SELECT stream, version - 1, type, coalesce(given_id, id), hex(data), \
            coalesce(hex(metadata), '') FROM event_log WHERE \(condition) ORDER BY number
            """
        )
    }

    /// Runs the command with its state in a folder, without passwords of the user's own.
    static func migrate(_ source: String, _ target: TestServer, _ folder: Folder, _ more: String...)
        async throws -> Command.Outcome
    {
        let arguments = ["migrate", source, target.url, "--state", folder.path("m.state")]
        return try await Child.start(arguments + more, environment: ["HOME": "/nowhere"]).outcome()
    }

    /// The row that an event of a scripted product becomes.
    static func row(_ event: ScriptedProduct.Event, number: Int64? = nil, data: String? = nil)
        -> String
    {
        let metadata = hex(Array(event.metadata.utf8))
        let bytes = data.map { Array($0.utf8) } ?? event.data
        return "\(event.stream)|\(number ?? event.number)|\(event.type)|\(event.id)|\(hex(bytes))"
            + "|\(metadata)"
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String(format: "%02X", $0) }.joined()
    }
}

/// Writes to the Event Store interface of a server, as a client of the product does.
struct ProductClient {
    let server: TestServer

    private static func id() -> String { UUID().uuidString.lowercased() }

    /// Appends a list of events, each `{"eventType": …}` without braces and without an id.
    func append(_ stream: String, _ events: String..., id: String? = nil) async throws {
        let body = events.map { "{\"eventId\":\"\(id ?? Self.id())\",\($0)}" }
        try await post(
            stream,
            "[\(body.joined(separator: ","))]",
            ["Content-Type: application/vnd.eventstore.events+json"]
        )
    }

    /// Appends one event as its bytes.
    func append(_ stream: String, _ type: String, file: String, as mediaType: String) async throws {
        try await post(
            stream,
            "@\(file)",
            ["Content-Type: \(mediaType)", "ES-EventType: \(type)", "ES-EventId: \(Self.id())"]
        )
    }

    func delete(_ stream: String, forEver: Bool = false) async throws {
        let status = try await Curl.run(
            "-s",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            "-X",
            "DELETE",
            "-H",
            "ES-HardDelete: \(forEver)",
            "\(server.url)/streams/\(stream)"
        )
        #expect(status == "204")
    }

    private func post(_ stream: String, _ body: String, _ fields: [String]) async throws {
        var arguments = ["-s", "-o", "/dev/null", "-w", "%{http_code}", "--data-binary", body]
        for field in fields { arguments += ["-H", field] }
        let child = try Child.start(
            arguments + ["\(server.url)/streams/\(stream)"],
            program: Tool.find("curl")
        )
        #expect(try await child.outcome().output == "201", "\(stream)")
    }
}
