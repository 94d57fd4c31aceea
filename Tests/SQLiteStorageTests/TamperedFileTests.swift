import EventModel
import EventTesting
import SQLiteStorage
import Testing

@Suite(.timeLimit(.minutes(1)))
struct `A store whose file was tampered with` {
    @Test(arguments: [
        "UPDATE stream SET name = 'a' || char(1)",
        "UPDATE event_type SET name = ''",
        "UPDATE media_type SET name = 'no media type'",
    ])
    func `reports a name that it cannot have written`(edit change: String) async throws {
        try await withClosedStore(events: 1) { path in
            try edit(path, change)
            let store = try SQLiteEventStore.openReadOnly(path: path, logger: quiet)

            let error = await #expect(throws: EventStoreError.self) {
                try await store.read(after: .beginning, limit: 10)
            }

            #expect(error?.code == .corrupt)
            try await store.close()
        }
    }
}
