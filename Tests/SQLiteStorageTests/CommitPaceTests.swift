import Testing

@testable import SQLiteStorage

@Suite struct `The wait of a commit for company` {
    @Test func `is a part of what the commit before took, and bounded`() {
        var pace = CommitPace()
        #expect(pace.patience == .zero)

        pace.committed(16, in: .milliseconds(2))
        #expect(pace.answered == 16)
        #expect(pace.patience == .microseconds(500))

        pace.committed(1, in: .seconds(3))
        #expect(pace.patience == CommitPace.longest)
    }

    @Test(.timeLimit(.minutes(1))) func `ends where nobody waits, whatever was answered`() {
        var pace = CommitPace()
        pace.committed(4_096, in: .seconds(100))

        // Without somebody in the queue it returns at once; with a wait it would still end.
        for _ in 0..<1_000 { AppendQueue().waitForCompany(pace) }
    }
}
