import AccessControl
import Testing

struct CallerTests {
    @Test func `the login is a role beside the groups`() {
        #expect(Caller(login: "ann", groups: ["staff"]).roles == ["ann", "staff"])
        #expect(Caller.anonymous.roles.isEmpty)
    }
}
