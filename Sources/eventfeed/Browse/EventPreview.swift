import EventModel

/// One event as one line for people.
struct EventPreview {
    let event: RecordedEvent

    /// The line: number, time, stream and version, type, the beginning of the data.
    ///
    /// - Parameter columns: How wide it may be.
    /// - Returns: The line without its end.
    func line(columns: Int) -> String {
        let number = String(event.number.rawValue)
        let parts = [
            String(repeating: " ", count: max(0, 8 - number.count)) + number,
            time,
            "\(TerminalText.escaped(event.stream.text))@\(event.version)",
            TerminalText.escaped(event.type.text),
            data,
        ]
        return TerminalText.fitted(parts.joined(separator: "  "), columns: columns)
    }

    /// Recorded-at in UTC, to the second.
    private var time: String {
        let text = event.recordedAt.description
        return text.prefix(10) + " " + text.dropFirst(11).prefix(8) + "Z"
    }

    private var data: String {
        // Enough for any terminal; the rest would be decoded for nothing.
        let start = event.data.bytes.prefix(1_024)
        let isText = event.data.mediaType.isJSON || event.data.mediaType.essence.hasPrefix("text/")
        guard isText else {
            let type = TerminalText.escaped(event.data.mediaType.text)
            return "(\(type), \(Quantity.bytes(Int64(event.data.bytes.count))))"
        }
        return TerminalText.escaped(String(decoding: start, as: UTF8.self))
    }
}
