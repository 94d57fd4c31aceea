import EventModel
import FeedPages
import Foundation

/// Invented events of an ordinary size.
enum Sample {
    /// Where files are written: beside the build, on a disk that fdatasync reaches.
    static func folder() -> String { FileManager.default.currentDirectoryPath + "/.build" }

    static func events(_ count: Int) -> [NewEvent] {
        (0..<count).map { index in
            NewEvent(
                stream: name("application-\(index % 17)"),
                type: type("A_SUBMITTED"),
                data: .json(
                    """
                    {"lifecycle":"COMPLETE","occurredAt":"2011-10-01T00:38:44.546+02:00",\
                    "resource":"112","amountRequested":\(index)}
                    """
                )
            )
        }
    }

    /// A complete page with its chain.
    static func page() -> Page {
        let identity = StoreIdentity(
            epoch: .random(),
            format: StoreIdentity.currentFormat,
            creation: .standard,
            createdAt: .now()
        )
        var chain = ChainDigest.beginning
        let events = events(100).enumerated().map { index, event in
            RecordedEvent(
                number: EventNumber(Int64(index + 1)),
                version: StreamVersion(Int64(index / 17 + 1)),
                recordedAt: identity.createdAt,
                event: event
            )
        }
        for event in events { chain = chain.appending(event) }
        return Page(identity: identity, events: events, chain: chain)
    }

    struct Page: Sendable {
        let identity: StoreIdentity
        let events: [RecordedEvent]
        let chain: ChainDigest

        func rendered(_ form: FeedForm) -> [UInt8] {
            let layout = ExportLayout(identity: identity, forms: [form])
            var page = layout.page(
                PageRange(first: EventNumber(1), last: EventNumber(100)),
                chainBefore: .beginning
            )
            for event in events { _ = page.append(event) }
            let files = page.finish(chain: chain)
            return (form == .atom ? files.last : files.first)?.bytes ?? []
        }
    }

    private static func name(_ text: String) -> StreamName {
        do {
            return try StreamName(text)
        } catch {
            preconditionFailure("\(error)")
        }
    }

    private static func type(_ text: String) -> EventType {
        do {
            return try EventType(text)
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
