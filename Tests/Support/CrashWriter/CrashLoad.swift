package import EventModel

/// The appends of a writer that is going to be killed.
///
/// All of an append follows from its place, so that whoever reads the writer's output can repeat
/// what was in flight.
package struct CrashLoad: Hashable, Sendable {
    /// Writers that append at the same time.
    package static let writers = 8

    /// Which life of the writing process.
    package let round: Int
    /// Which of its writers.
    package let writer: Int
    /// Which append of that writer.
    package let index: Int

    package init(round: Int, writer: Int, index: Int) {
        self.round = round
        self.writer = writer
        self.index = index
    }

    /// One to four events, some in the writer's own stream and some in one that all share.
    package func events() throws -> [NewEvent] {
        try (0...(index + writer) % 4).map { place in
            let stream = place % 2 == 0 ? "writer-\(writer)" : "shared-1"
            let name = "\(round)/\(writer)/\(index)/\(place)"
            return NewEvent(
                id: .derived(from: name.utf8, in: Self.namespace),
                stream: try StreamName(stream),
                type: try EventType("Written"),
                data: .json(
                    "{\"name\":\"\(name)\",\"\(String(repeating: "x", count: index % 500))\":0}"
                )
            )
        }
    }

    /// Any UUID that is not used elsewhere.
    private static let namespace = UUIDBytes(
        high: 0x6352_6173_6800_4000,
        low: 0x8000_0000_0000_0001
    )
}

/// One line of a writer's output.
package enum CrashReport: Hashable, Sendable {
    /// The append is about to be handed over.
    case began(CrashLoad)
    /// The append was acknowledged with these numbers.
    case recorded(CrashLoad, first: Int64, last: Int64)

    /// The line, without its end.
    package var line: String {
        switch self {
        case .began(let load):
            "began \(load.round) \(load.writer) \(load.index)"
        case .recorded(let load, let first, let last):
            "recorded \(load.round) \(load.writer) \(load.index) \(first) \(last)"
        }
    }

    /// Reads a line; nil for what was cut off in the middle.
    package init?(line: some StringProtocol) {
        let words = line.split(separator: " ")
        let numbers = words.dropFirst().compactMap { Int64($0) }
        guard numbers.count == words.count - 1, numbers.count >= 3 else { return nil }
        let load = CrashLoad(
            round: Int(numbers[0]),
            writer: Int(numbers[1]),
            index: Int(numbers[2])
        )
        switch (words[0], numbers.count) {
        case ("began", 3): self = .began(load)
        case ("recorded", 5): self = .recorded(load, first: numbers[3], last: numbers[4])
        default: return nil
        }
    }
}
