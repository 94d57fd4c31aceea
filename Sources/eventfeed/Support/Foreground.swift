import Logging
import ServiceLifecycle
import UnixSignals

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Work that goes on until it is done or somebody stops the process.
///
/// TERM and INT are a request to stop gently: the work sees a graceful shutdown, finishes what it
/// has in hand, and the process ends with status 0.
struct Foreground: Service {
    private let work: @Sendable () async throws -> Void

    private init(_ work: @escaping @Sendable () async throws -> Void) {
        self.work = work
    }

    func run() async throws { try await work() }

    /// Ends the process with status 0 at TERM and INT from now on, until ``run(_:)`` hears them.
    ///
    /// What happens before there is work is a start like any other that may be broken off, and a
    /// gentle stop of it is to do nothing more. By default the signals would end the process as if
    /// it had failed.
    static func stopGentlyBeforeWork() {
        for number in [SIGTERM, SIGINT] {
            // Of what a handler may do, this is the only thing that is wanted here.
            signal(number) { _ in _exit(ExitStatus.success.rawValue) }
        }
    }

    /// Runs `work` with signals heard.
    ///
    /// - Parameter work: What to do; it must end soon after a graceful shutdown began.
    /// - Throws: What `work` throws.
    static func run(_ work: @escaping @Sendable () async throws -> Void) async throws {
        // What it says below this is about itself.
        let logger = Logger.command("lifecycle", level: .critical)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    ServiceGroupConfiguration.ServiceConfiguration(
                        service: Foreground(work),
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup
                    )
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
    }
}

extension Logger {
    /// The log of a command: the standard error, from `level` on, as text unless ``LogFormat``
    /// was told otherwise.
    static func command(_ label: String, level: Logger.Level = .info) -> Logger {
        var logger = Logger(label: "eventfeed.\(label)")
        logger.logLevel = level
        return logger
    }
}
