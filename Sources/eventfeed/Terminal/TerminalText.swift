/// Text from events, made fit for a terminal.
///
/// An event's data may hold anything, terminal commands included; what a terminal would obey or
/// what would change the order of the line is shown as an escape instead.
enum TerminalText {
    /// The text on one line, with control characters as `\n`, `\u{1B}` and the like.
    static func escaped(_ text: some StringProtocol) -> String {
        var shown = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": shown += "\\n"
            case "\r": shown += "\\r"
            case "\t": shown += "\\t"
            case _ where isHarmful(scalar):
                shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }

    /// The beginning of an escaped text that fits into `columns`, with `…` where it was cut.
    static func fitted(_ text: String, columns: Int) -> String {
        guard width(of: text) > columns else { return text }
        var shown = ""
        var used = 0
        for character in text {
            let width = width(of: character)
            guard used + width < columns else { break }
            used += width
            shown.append(character)
        }
        return columns > 0 ? shown + "…" : ""
    }

    /// The columns that a text takes.
    static func width(of text: some StringProtocol) -> Int {
        text.reduce(0) { $0 + width(of: $1) }
    }

    /// Controls, and what reorders or breaks a line: bidirectional controls, line separators.
    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069,
            0xFFF9...0xFFFB, 0xE0000...0xE007F:
            true
        default: false
        }
    }

    /// Two columns for East Asian wide characters and emoji (Unicode annex 11), one for the rest.
    private static func width(of character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        if first.properties.isEmojiPresentation { return 2 }
        switch first.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default:
            return 1
        }
    }
}
