import EventTesting
import Testing

/// Sends the captured requests in their order, with what must have happened before each, and
/// compares the answers.
struct CaptureRun {
    /// What went wrong in a case.
    struct Finding: Sendable, CustomStringConvertible {
        let name: String
        let text: String

        var description: String { "\(name): \(text)" }
    }

    private let cases: CapturedCases
    private let transport: any Transport
    private var comparison = Comparison()
    private var steps = SetUp.steps[...]
    private var findings: [Finding] = []

    private init(_ cases: CapturedCases, over transport: any Transport) {
        self.cases = cases
        self.transport = transport
    }

    /// Runs all cases on a server that has nothing but the product's first users.
    static func findings(
        in cases: CapturedCases,
        over transport: any Transport
    ) async throws -> [Finding] {
        var run = CaptureRun(cases, over: transport)
        for captured in cases.all {
            try await run.prepare(captured)
            try await run.check(captured)
        }
        for step in run.steps { run.note("set-up", "no case after step \(step.number)") }
        for difference in Difference.all
        where !cases.all.contains(where: { $0.number == difference.number }) {
            run.note("\(difference.number)", "a deliberate difference from no case")
        }
        return run.findings
    }

    private mutating func note(_ name: String, _ text: String) {
        findings.append(Finding(name: name, text: text))
    }

    private mutating func prepare(_ captured: CapturedCase) async throws {
        while let step = steps.first, step.number <= captured.number {
            steps.removeFirst()
            var answer = try await transport.answer(to: step.request)
            if step.isRepeated {
                try await eventually("\(step.status) of \(step.request.target)") {
                    answer = try await transport.answer(to: step.request)
                    return answer.status == step.status
                }
            }
            if answer.status != step.status {
                note(
                    "set-up before \(captured.name)",
                    "\(step.request.method) \(step.request.target) has"
                        + " \(answer.status) \(answer.reason), not \(step.status)"
                )
            }
        }
    }

    private mutating func check(_ captured: CapturedCase) async throws {
        let request = comparison.known.translated(captured.request)
        let answer = try await transport.answer(to: request)
        guard let difference = Difference.all.first(where: { $0.number == captured.number }) else {
            note(captured, differences(answer, captured.answer, request))
            return
        }
        var scratch = comparison
        let asCaptured = scratch.differences(
            between: answer,
            and: captured.answer,
            to: request,
            over: transport
        )
        if asCaptured.isEmpty {
            note(captured.name, "is as captured: no deliberate difference (\(difference.reason))")
        }
        var expected = captured.answer
        try difference.change(
            &expected,
            Difference.Expectation(
                cases: cases,
                answer: answer,
                transport: transport
            )
        )
        note(captured, differences(answer, expected, request))
    }

    private mutating func differences(
        _ answer: PlainAnswer,
        _ expected: PlainAnswer,
        _ request: PlainRequest
    ) -> [String] {
        comparison.differences(between: answer, and: expected, to: request, over: transport)
    }

    private mutating func note(_ captured: CapturedCase, _ differences: [String]) {
        for difference in differences { note(captured.name, difference) }
    }
}
