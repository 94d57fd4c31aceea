import Synchronization
import Testing

/// What a real Event Store answered, against what is answered here.
@Suite(
    .timeLimit(.minutes(5)),
    .enabled(
        if: CapturedCases.folder != nil,
        "EVENTFEED_CAPTURES names no folder with captured answers: skipped"
    )
)
struct `The captured answers` {
    @Test func `are all read`() throws {
        let cases = try CapturedCases(folder: try #require(CapturedCases.folder))

        #expect(cases.all.count > 150)
        #expect(cases.all.allSatisfy { $0.request.target.hasPrefix("/") })
    }

    @Test func `are what they are, but for the differences that are deliberate`() async throws {
        let cases = try CapturedCases(folder: try #require(CapturedCases.folder))
        let findings = try await CaptureRun.findings(in: cases, over: EchoTransport(cases: cases))

        let numbers = findings.compactMap { Int($0.name.prefix(3)) }
        #expect(numbers.count == findings.count, "\(findings)")
        #expect(Set(numbers) == Set(Difference.all.map(\.number)))
    }

    @Test(arguments: Way.allCases, StoreKind.allCases)
    func `are ours, with and without a socket`(_ way: Way, _ kind: StoreKind) async throws {
        let cases = try CapturedCases(folder: try #require(CapturedCases.folder))
        let findings = try await kind.withStore { store in
            try await way.withTransport(to: store, hasUsers: true, sendsCORS: true) { transport in
                try await CaptureRun.findings(in: cases, over: transport)
            }
        }
        for finding in findings { Issue.record("\(finding)") }
    }
}

/// Answers every captured request as it was answered.
private final class EchoTransport: Transport {
    let origin = CapturedCases.origin
    let hasConnection = false
    private let unanswered: Mutex<[CapturedCase]>

    init(cases: CapturedCases) {
        unanswered = Mutex(cases.all)
    }

    func answer(to request: PlainRequest) async throws -> PlainAnswer {
        // The step that is repeated until an event has aged.
        if request.target == "/streams/aged/0", request["Accept"] == "application/json" {
            return PlainAnswer(404, "Not Found")
        }
        return unanswered.withLock { cases in
            guard let next = cases.first, next.request.target == request.target,
                next.request.fields == request.fields, next.request.body == request.body
            else { return PlainAnswer(request.method == "DELETE" ? 204 : 201, "Done") }
            return cases.removeFirst().answer
        }
    }
}
