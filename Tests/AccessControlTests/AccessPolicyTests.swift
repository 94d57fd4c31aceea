import AccessControl
import EventModel
import Testing

/// The table of decisions: every right, every kind of stream, every place where a list may be, and
/// every kind of caller, against rules that are written down another way.
@Suite struct `The decision who may do what` {
    private static let callers: [(name: String, caller: Caller)] = [
        ("nobody", .anonymous),
        ("admin", Caller(login: "root", groups: ["$admins"])),
        ("operator", Caller(login: "ops", groups: ["$ops"])),
        ("by login", Caller(login: "ann", groups: [])),
        ("by group", Caller(login: "bob", groups: ["staff", "other"])),
        ("stranger", Caller(login: "eve", groups: ["guests"])),
    ]

    /// What a list may say about a right.
    private static let entries: [[String]?] = [
        nil, [], ["$all"], ["ann"], ["staff"], ["$admins"], ["ann", "staff"], ["$all", "ann"],
    ]

    private static func list(_ right: AccessRight, _ roles: [String]?) -> StreamAccessList {
        var list = StreamAccessList()
        switch right {
        case .read: list.read = roles
        case .write: list.write = roles
        case .delete: list.delete = roles
        case .readMetadata: list.readMetadata = roles
        case .writeMetadata: list.writeMetadata = roles
        }
        return list
    }

    @Test(arguments: AccessRight.allCases, ["tab-1", "$system", "$settings"])
    func `takes the stream's list, then that of its kind, then the default`(
        right: AccessRight,
        stream: String
    ) throws {
        let policy = AccessPolicy()
        let name = try StreamName(stream)
        var count = 0
        for own in Self.entries {
            for usual in Self.entries {
                let lists = AccessLists(
                    stream: Self.list(right, own),
                    defaults: Self.list(right, usual)
                )
                let roles = own ?? usual ?? (stream == "tab-1" ? ["$all"] : ["$admins"])
                for (who, caller) in Self.callers {
                    let decision = policy.decide(caller, .stream(name, right), lists)
                    let isPublic = roles.contains("$all")
                    let isAllowed =
                        isPublic || who == "admin" || (who == "by login" && roles.contains("ann"))
                        || (who == "by group" && roles.contains("staff"))
                    #expect(decision.isAllowed == isAllowed, "\(who) \(own ?? []) \(usual ?? [])")
                    #expect(decision.isPublic == isPublic)
                    count += 1
                }
            }
        }
        #expect(count == 8 * 8 * 6)
    }

    @Test(arguments: AccessRight.allCases)
    func `leaves the other rights of a list alone`(right: AccessRight) throws {
        let lists = AccessLists(stream: Self.list(right, ["ann"]))
        let stranger = Caller(login: "eve", groups: [])
        for other in AccessRight.allCases {
            let decision = AccessPolicy().decide(
                stranger,
                .stream(try StreamName("tab-1"), other),
                lists
            )
            #expect(decision.isAllowed == (other != right))
        }
    }

    @Test func `of a metadata stream is that of the metadata of the stream it describes`() throws {
        var list = StreamAccessList()
        (list.readMetadata, list.writeMetadata) = (["ann"], ["staff"])
        let lists = AccessLists(stream: list)
        let metadata = try StreamName("$$tab-1")
        let ann = Caller(login: "ann", groups: [])
        let bob = Caller(login: "bob", groups: ["staff"])
        let admin = Caller(login: "root", groups: ["$admins"])
        func may(_ caller: Caller, _ right: AccessRight) -> Bool {
            AccessPolicy().decide(caller, .stream(metadata, right), lists).isAllowed
        }

        #expect(may(ann, .read) && !may(ann, .write))
        #expect(!may(bob, .read) && may(bob, .write))
        #expect(may(admin, .read) && may(admin, .write))
        // It has no metadata of its own and is not deleted.
        for right in [AccessRight.delete, .readMetadata, .writeMetadata] {
            #expect(!may(admin, right))
        }
        // Where nothing is said, what describes a stream of users is everybody's, too.
        let open = AccessPolicy().decide(.anonymous, .stream(metadata, .write))
        #expect(open == .everybody)
        let system = AccessPolicy().decide(ann, .stream(try StreamName("$$$settings"), .write))
        #expect(system == .nobody)
    }

    @Test func `on all events is that of their readers, and nobody writes them`() throws {
        let all = try StreamName("$all")
        var list = StreamAccessList()
        (list.read, list.write, list.delete) = (["staff"], ["$all"], ["$all"])
        for isOn in [true, false] {
            let policy = AccessPolicy(isOn: isOn)
            for (who, caller) in Self.callers {
                for right in [AccessRight.write, .delete] {
                    let lists = AccessLists(stream: list)
                    let decision = policy.decide(caller, .stream(all, right), lists)
                    #expect(decision == .nobody, "\(who)")
                }
                #expect(policy.decide(caller, .all).isAllowed == (!isOn || who == "admin"))
                let asStream = policy.decide(caller, .stream(all, .read))
                #expect(asStream == policy.decide(caller, .all))
                let listed = policy.decide(caller, .all, AccessLists(stream: list))
                #expect(listed.isAllowed == (!isOn || ["admin", "by group"].contains(who)))
            }
        }
    }

    @Test func `on the feed is that of one set of roles`() {
        for (who, caller) in Self.callers {
            let usual = AccessPolicy().decide(caller, .feed)
            #expect(usual == AccessDecision(isAllowed: who == "admin", isPublic: false))
            let opened = AccessPolicy(feedReaders: ["staff", "ann"]).decide(caller, .feed)
            #expect(opened.isAllowed == ["admin", "by login", "by group"].contains(who))
            #expect(AccessPolicy(feedReaders: ["$all"]).decide(caller, .feed) == .everybody)
        }
    }

    @Test func `on users and the server is that of those who look after them`() {
        for (who, caller) in Self.callers {
            let policy = AccessPolicy()
            #expect(policy.decide(caller, .users).isAllowed == (who == "admin"))
            let node = policy.decide(caller, .node).isAllowed
            #expect(node == ["admin", "operator"].contains(who))
            let own = policy.decide(caller, .ownUser("ann")).isAllowed
            #expect(own == ["admin", "by login"].contains(who))
        }
    }

    @Test func `is yes to everything and public while access control is off`() throws {
        let policy = AccessPolicy(isOn: false)
        var list = StreamAccessList()
        list.read = ["ann"]
        let stream = ProtectedResource.stream(try StreamName("$x"), .read)
        for resource in [.feed, .all, .users, .ownUser("x"), .node, stream] {
            let decision = policy.decide(.anonymous, resource, AccessLists(stream: list))
            #expect(decision == .everybody)
        }
    }

    @Test func `needs for an append what each event does`() throws {
        func needed(_ stream: String, _ type: String = "T", _ data: String = "{}") throws
            -> [ProtectedResource]
        {
            ProtectedResource.needed(toAppend: [
                NewEvent(
                    stream: try StreamName(stream),
                    type: try EventType(type),
                    data: .json(data)
                )
            ])
        }
        func right(_ stream: String, _ right: AccessRight) throws -> ProtectedResource {
            .stream(try StreamName(stream), right)
        }
        let tab = try right("tab", .write)
        let described = try right("$$tab", .write)
        let deleted = try right("tab", .delete)

        #expect(try needed("tab") == [tab])
        #expect(try needed("tab", "T", #"{"$tb":9223372036854775807}"#) == [tab])
        #expect(try needed("tab", "$streamDeleted") == [tab, deleted])
        #expect(try needed("$$tab", "$metadata", #"{"$tb":5}"#) == [described])
        let deletions = [
            #"{"$tb":9223372036854775807}"#,
            #" {"$tb":1, "\u0024tb" : 9223372036854775807, "a":{} } "#,
        ]
        for text in deletions {
            #expect(try needed("$$tab", "any", text) == [described, deleted])
        }
        // What no store takes for a deletion.
        for text in [
            "", "[]", "{", #"{"$tb":"9223372036854775807"}"#, #"{"$tb":9223372036854775808}"#,
            #"{"$tb":9.3e18}"#, #"{"$tb":9223372036854775807,"$tb":1}"#,
        ] {
            #expect(!StreamMetadata(reading: Array(text.utf8)).isDeleted)
            #expect(try needed("$$tab", "any", text) == [described])
        }
    }

    @Test func `needs each right once, in the order of the events`() throws {
        let names = (0..<50).map { "s-\($0 % 40)" }
        var events = try names.map { name in
            NewEvent(stream: try StreamName(name), type: try EventType("T"), data: .json("{}"))
        }
        events.append(NewEvent.tombstone(of: try StreamName("s-7")))

        var expected = try names.prefix(40).map {
            ProtectedResource.stream(try StreamName($0), .write)
        }
        expected.append(.stream(try StreamName("s-7"), .delete))
        #expect(ProtectedResource.needed(toAppend: events) == expected)
    }
}
