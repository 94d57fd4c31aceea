import ArgumentParser
import Subscriptions

/// What to do about an event that cannot be applied, on the command line: `stop`, `retry=N`,
/// `park`.
struct FailurePolicyArgument: ExpressibleByArgument, CustomStringConvertible {
    let policy: FailurePolicy
    let description: String

    init(_ policy: FailurePolicy, _ text: String) {
        self.policy = policy
        description = text
    }

    init?(argument: String) {
        description = argument
        switch argument {
        case "stop": policy = .stop
        case "park": policy = .park
        default:
            guard argument.hasPrefix("retry="), let times = Int(argument.dropFirst("retry=".count)),
                FailurePolicy.retries.contains(times)
            else { return nil }
            policy = .retry(times: times)
        }
    }

    var defaultValueDescription: String { description }
}
