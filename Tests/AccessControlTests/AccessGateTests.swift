import AccessControl
import EventModel
import EventTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1))) struct `The gate before a store` {
    private static let ann = Caller(login: "ann", groups: [])
    private static let bob = Caller(login: "bob", groups: ["staff"])

    private static func write(_ text: String, to stream: String, _ store: any EventStore)
        async throws
    {
        try await store.append([
            NewEvent(
                stream: try StreamName(stream),
                type: try EventType("$metadata"),
                data: .json(text)
            )
        ])
    }

    private static func gate(_ store: any EventStore) async throws -> AccessGate {
        let directory = InMemoryUserDirectory()
        try await directory.add("root", ["$admins"])
        return AccessGate(
            Authenticator(directory, hasher: PasswordHasher(rounds: 16)),
            store: store
        )
    }

    @Test func `asks for the list of a stream each time`() async throws {
        let store = InMemoryEventStore()
        let gate = try await Self.gate(store)
        let read = ProtectedResource.stream(try StreamName("tab-1"), .read)
        func may(_ caller: Caller) async throws -> Bool {
            try await gate.decide(caller, read).isAllowed
        }

        #expect(try await may(.anonymous))
        try await Self.write(#"{"$acl":{"$r":["ann"]}}"#, to: "$$tab-1", store)
        #expect(try await !may(.anonymous))
        #expect(try await may(Self.ann))
        try await Self.write(#"{"$acl":{"$r":"staff"}}"#, to: "$$tab-1", store)
        #expect(try await !may(Self.ann))
        #expect(try await may(Self.bob))
        try await Self.write(#"{"$acl":{"$r":7}}"#, to: "$$tab-1", store)
        #expect(try await may(.anonymous))
    }

    @Test func `takes defaults from the newest event of $settings`() async throws {
        let store = InMemoryEventStore()
        let gate = try await Self.gate(store)
        let user = ProtectedResource.stream(try StreamName("tab-1"), .write)
        let system = ProtectedResource.stream(try StreamName("$x"), .write)
        try await Self.write("[]", to: "$settings", store)
        #expect(try await gate.decide(.anonymous, user).isAllowed)
        try await Self.write(
            #"{"$userStreamAcl":{"$w":["staff"]},"$systemStreamAcl":{"$w":["ann","$all"]}}"#,
            to: "$settings",
            store
        )

        #expect(try await !gate.decide(.anonymous, user).isAllowed)
        #expect(try await gate.decide(Self.bob, user).isAllowed)
        #expect(try await gate.decide(.anonymous, system).isPublic)
        // What a stream says of itself comes first.
        try await Self.write(#"{"$acl":{"$w":["ann"],"x":1},"y":[]}"#, to: "$$tab-1", store)
        #expect(try await gate.decide(Self.ann, user).isAllowed)
        #expect(try await !gate.decide(Self.bob, user).isAllowed)
    }

    @Test func `names what is refused of several things`() async throws {
        let store = InMemoryEventStore()
        let gate = try await Self.gate(store)
        try await Self.write(#"{"$acl":{"$w":["ann"]}}"#, to: "$$closed", store)
        let open = ProtectedResource.stream(try StreamName("open"), .write)
        let closed = ProtectedResource.stream(try StreamName("closed"), .write)
        let all = ProtectedResource.stream(try StreamName("$all"), .write)
        let root = Caller(login: "root", groups: ["$admins"])

        #expect(try await gate.refused(.anonymous, among: [open]) == nil)
        #expect(try await gate.refused(.anonymous, among: [open, closed]) == closed)
        #expect(try await gate.refused(Self.ann, among: [open, closed]) == nil)
        #expect(try await gate.refused(root, among: [open, closed]) == nil)
        #expect(try await gate.refused(root, among: [open, closed, all]) == all)
        #expect(try await gate.refused(.anonymous, among: [open, all, closed]) == all)
        #expect(try await gate.refused(.anonymous, among: [open, closed, all]) == closed)
    }

    @Test func `is open without users, whatever is said and whoever says they are somebody`()
        async throws
    {
        let store = InMemoryEventStore()
        let directory = InMemoryUserDirectory()
        let gate = AccessGate(
            Authenticator(directory, hasher: PasswordHasher(rounds: 16)),
            store: store
        )
        try await Self.write(#"{"$acl":{"$r":["ann"]}}"#, to: "$$tab-1", store)
        let read = ProtectedResource.stream(try StreamName("tab-1"), .read)
        let field = "Basic " + Data("admin:changeit".utf8).base64EncodedString()

        #expect(try await !gate.isOn)
        #expect(try await gate.caller(authorizationField: field) == .anonymous)
        #expect(try await gate.decide(.anonymous, read) == .everybody)
        try await directory.add("root", ["$admins"])
        #expect(try await gate.isOn)
        #expect(try await gate.caller(authorizationField: field) == .refused)
        #expect(try await !gate.decide(.anonymous, read).isAllowed)
    }

    @Test func `knows default users by their password`() async throws {
        let directory = InMemoryUserDirectory()
        let hasher = PasswordHasher(rounds: 16)
        #expect(try await DefaultUsers.add(to: directory, hasher: hasher))
        #expect(try await !DefaultUsers.add(to: directory, hasher: hasher))
        #expect(
            try await DefaultUsers.unchanged(in: directory, hasher: hasher) == ["admin", "ops"]
        )
        #expect(directory.user("admin")?.groups == ["$admins"])
        #expect(directory.user("ops")?.groups == ["$ops"])

        try directory.setPassword("admin", PasswordHash(of: "other", rounds: 16))
        #expect(try await DefaultUsers.unchanged(in: directory, hasher: hasher) == ["ops"])
        try directory.setDisabled("ops", true)
        #expect(try await DefaultUsers.unchanged(in: directory, hasher: hasher).isEmpty)
    }
}
