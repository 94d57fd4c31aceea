import AccessControl
import EventTesting
import Testing

struct UserDirectoryTests {
    @Test(arguments: UserDirectoryContract.cases)
    func `a directory in memory keeps the contract`(_ promise: UserDirectoryCase) async throws {
        try await promise.run(on: InMemoryUserDirectory())
    }
}
