#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The standard streams of this process, written without a buffer of our own: what was written is
/// with whoever reads it.
enum StandardStream: Int32 {
    case input = 0
    case output = 1
    case error = 2

    /// Whether a terminal is at the other end.
    var isTerminal: Bool { isatty(rawValue) == 1 }

    /// Writes a text and a line break.
    func writeLine(_ text: String) throws(CommandError) {
        try write(Array((text + "\n").utf8))
    }

    /// Writes all bytes, waiting for a slow reader.
    ///
    /// - Parameter bytes: What to write.
    /// - Throws: ``CommandError`` (`io`) where nobody reads any more, or nothing can be written.
    func write(_ bytes: [UInt8]) throws(CommandError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer -> Int in
                guard let base = buffer.baseAddress else { return 0 }
                return systemWrite(rawValue, base + written, buffer.count - written)
            }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                throw CommandError(
                    .io,
                    errno == EPIPE
                        ? "nobody reads the standard output any more"
                        : "the standard output cannot be written: \(SystemError.text(errno))"
                )
            }
        }
    }

    /// Writes a text and a line break where a failure changes nothing: messages on the standard
    /// error, when even that is closed.
    func tell(_ text: String) {
        // Lost: the message itself. There is nowhere left to say so.
        try? writeLine(text)
    }

    /// The columns of the terminal at the other end; 80 where there is none.
    var columns: Int {
        var size = winsize()
        guard ioctl(rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}

/// `write(2)` under a name that a method of the same name does not hide.
private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    write(file, bytes, count)
}

/// What the operating system says about an error number.
enum SystemError {
    /// The text of `strerror`, in the language of the C locale.
    static func text(_ number: Int32) -> String { String(cString: strerror(number)) }
}
