import EventModel

/// How a command ended, in the numbers of `sysexits.h` and one more, which scripts can rely on.
enum ExitStatus: Int32 {
    /// It did what was asked.
    case success = 0
    /// What was compared is different, as with `diff`.
    case different = 1
    /// The command was used wrongly.
    case usage = 64
    /// What was given as input is not valid.
    case dataError = 65
    /// A file to read is not there.
    case noInput = 66
    /// A service cannot be reached, or says that it cannot answer; later it may.
    case unavailable = 69
    /// A defect, here or in a file.
    case software = 70
    /// A file cannot be made.
    case cannotCreate = 73
    /// Reading or writing failed.
    case io = 74
    /// Somebody else was faster; decide again and try again.
    case temporary = 75
    /// The other side broke the rules of the wire, or has another history.
    case protocolError = 76
    /// The right to do it is missing.
    case permission = 77
    /// The configuration is not valid.
    case configuration = 78
    /// It did what was asked, but events are parked; the next number after those of `sysexits.h`.
    case parked = 79
}

/// A failure with its exit status and one sentence that says what to do.
struct CommandError: Error, CustomStringConvertible {
    let status: ExitStatus
    let message: String

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    var description: String { message }
}

/// The end of a command about which everything was said already.
struct EndTold: Error {
    let status: ExitStatus
}
