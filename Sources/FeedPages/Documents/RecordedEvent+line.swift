public import EventModel

extension RecordedEvent {
    /// The event as a line of NDJSON that stands alone: the members of the wire in their order,
    /// every value in the line itself, however large it is.
    ///
    /// - Returns: One JSON object and LF; `POST /events` takes it as it is.
    /// - Complexity: Linear in the bytes of the event.
    public func line() -> [UInt8] {
        var line: [UInt8] = []
        JSONLine.append(self, valuePrefix: nil, to: &line)
        line.append(UInt8(ascii: "\n"))
        return line
    }
}
