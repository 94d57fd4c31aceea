import AccessControl
import ArgumentParser

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A password that is to be stored: from a prompt, the standard input or a file, and never from the
/// command line, where every user of the machine could read it.
struct NewPassword: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The file whose first line is the new password, - the standard input. (default: a "
                + "prompt, or the standard input where that is no terminal)",
            valueName: "file"
        )
    )
    var newPasswordFile: String?

    /// Reads the password.
    ///
    /// - Throws: `InvalidUser` for what can be no password; ``CommandError`` where nothing can be
    ///   read or two prompts got different answers.
    func read() throws -> String {
        let password: String
        if newPasswordFile == nil, StandardStream.input.isTerminal {
            password = try HiddenPrompt.ask("New password: ")
            try UserRules.checkPassword(password)
            guard try HiddenPrompt.ask("The same again: ") == password else {
                throw CommandError(.usage, "nothing was changed: the two passwords differ")
            }
        } else {
            password = try Self.firstLine(of: newPasswordFile ?? "-")
        }
        try UserRules.checkPassword(password)
        return password
    }

    private static func firstLine(of name: String) throws -> String {
        let limit = UserRules.passwordBytes + 2
        let bytes = try InputSource.bytes(name == "-" ? name : "@\(name)", limit: 64 << 10)
        var line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard line.count <= limit, let text = String(validating: line, as: UTF8.self) else {
            throw CommandError(
                .dataError,
                "the new password is no UTF-8 or has more than \(UserRules.passwordBytes) bytes"
            )
        }
        return text
    }
}

/// A question on the terminal whose answer is not shown.
enum HiddenPrompt {
    /// Asks, with what is typed not shown; Ctrl-C ends it with the terminal as it was before.
    ///
    /// - Parameter question: What to show.
    /// - Returns: The line that was typed.
    /// - Throws: ``CommandError`` where the input ends or is broken off.
    static func ask(_ question: String) throws(CommandError) -> String {
        let file = StandardStream.input.rawValue
        var before = termios()
        guard tcgetattr(file, &before) == 0 else {
            throw CommandError(.io, "the terminal cannot be asked: \(SystemError.text(errno))")
        }
        var hidden = before
        // Signals of the keyboard are read as characters meanwhile: one that ended the process
        // would leave a terminal that shows nothing.
        hidden.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | ISIG)
        guard tcsetattr(file, TCSAFLUSH, &hidden) == 0 else {
            throw CommandError(.io, "the terminal cannot be set: \(SystemError.text(errno))")
        }
        defer {
            // Lost: that the terminal stays as it is. There is nothing else to try.
            _ = tcsetattr(file, TCSAFLUSH, &before)
            StandardStream.error.tell("")
        }
        try StandardStream.error.write(Array(question.utf8))
        return try line()
    }

    private static func line() throws(CommandError) -> String {
        let brokenOff = CommandError(.usage, "nothing was changed: no password was given")
        var bytes: [UInt8] = []
        while true {
            var byte: UInt8 = 0
            let count = read(StandardStream.input.rawValue, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { throw brokenOff }
            switch byte {
            case 0x03, 0x04, 0x1C: throw brokenOff
            case 0x0A, 0x0D:
                guard let text = String(validating: bytes, as: UTF8.self) else {
                    throw CommandError(.dataError, "the password is no UTF-8")
                }
                return text
            case 0x08, 0x7F:
                // A whole character: its last byte and those that continue it.
                while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
            case 0x15: bytes = []
            default:
                guard bytes.count <= UserRules.passwordBytes else { throw brokenOff }
                bytes.append(byte)
            }
        }
    }
}
