import ArgumentParser
import Logging

/// From which level on messages are logged, as it is named on the command line.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case trace, debug, info, notice, warning, error, critical

    /// The level of the log.
    var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}
