import EventModel
import Logging

extension SubscriptionProgress {
    /// Writes one line: what went wrong as a warning, what went well as a debug message.
    func log(to logger: Logger) {
        switch self {
        case .superseded:
            logger.info("Superseded: another process takes the store over")
        case .started(let checkpoint):
            logger.debug(
                "Subscription started",
                metadata: ["checkpoint": "\(checkpoint?.number.description ?? "none")"]
            )
        case .round(let report):
            for parked in report.parked where parked.reason != nil {
                logger.error(
                    "Event parked: \(parked.reason ?? "")",
                    metadata: [
                        "event.number": "\(parked.event.number)",
                        "stream": "\(parked.event.stream)",
                    ]
                )
            }
            logger.debug(
                "Round done",
                metadata: [
                    "events": "\(report.events.count)",
                    "checkpoint": "\(report.checkpoint.number)",
                    "head": "\(report.head)",
                    "duration": "\(report.duration)",
                ]
            )
        case .postponed(let delivery, let reason, let pause):
            logger.warning(
                "Not applied: \(reason)",
                metadata: [
                    "after": "\(delivery.after)",
                    "through": "\(delivery.to.number)",
                    "attempt": "\(delivery.attempt)",
                    "pause": "\(pause)",
                ]
            )
        case .failed(let error, let failures, let pause):
            logger.warning(
                "\(error)",
                metadata: [
                    "error.code": "\(error.code)",
                    "failures": "\(failures)",
                    "pause": "\(pause)",
                ]
            )
        }
    }
}
