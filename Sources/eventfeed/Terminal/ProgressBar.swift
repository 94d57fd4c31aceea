/// How far something is, as one line for a terminal.
struct ProgressLine: Equatable {
    /// Units done.
    var done: Int64
    /// Units in all; nil where nobody knows.
    var total: Int64?
    /// What is counted in the rate: often events, where the bar counts bytes.
    var count: Int64
    /// What `count` counts.
    var unit: String
    /// How long it took so far.
    var elapsed: Duration

    private static let barColumns = 24

    /// The line, at most `columns` wide.
    func text(columns: Int) -> String {
        var parts: [String] = []
        if let total {
            let part = total > 0 ? min(1, Double(done) / Double(total)) : 1
            let filled = Int(part * Double(Self.barColumns))
            parts.append(
                "[" + String(repeating: "#", count: filled)
                    + String(repeating: ".", count: Self.barColumns - filled) + "]"
            )
            parts.append("\(Int(part * 100)) %")
        }
        parts.append("\(Quantity.grouped(count)) \(unit)")
        parts.append("\(Quantity.grouped(rate))/s")
        if let left { parts.append("\(Quantity.time(left)) left") }
        return String(parts.joined(separator: "  ").prefix(max(0, columns - 1)))
    }

    private var seconds: Double { max(elapsed.inSeconds, 0.001) }

    private var rate: Int64 { Int64(Double(count) / seconds) }

    private var left: Duration? {
        guard let total, done > 0, done < total else { return nil }
        return .seconds(seconds * Double(total - done) / Double(done))
    }
}

/// Draws progress on the standard error while that is a terminal; says nothing elsewhere.
struct ProgressBar: ~Copyable {
    private let isShown: Bool
    private let start = ContinuousClock.now
    private var lastDrawn: ContinuousClock.Instant?
    private let unit: String

    /// Between two drawings; more often nobody can read it.
    private static let pause = Duration.milliseconds(100)

    init(unit: String, isShown: Bool = StandardStream.error.isTerminal) {
        self.unit = unit
        self.isShown = isShown
    }

    /// The time since the bar was made.
    var elapsed: Duration { start.duration(to: .now) }

    /// Draws, unless that was done a moment ago.
    mutating func show(done: Int64, of total: Int64?, count: Int64) {
        let now = ContinuousClock.now
        guard isShown, lastDrawn.map({ $0.duration(to: now) >= Self.pause }) ?? true else { return }
        lastDrawn = now
        let line = ProgressLine(
            done: done,
            total: total,
            count: count,
            unit: unit,
            elapsed: start.duration(to: now)
        )
        // Lost if it fails: a drawing.
        try? StandardStream.error.write(
            Array("\r\u{1B}[K\(line.text(columns: StandardStream.error.columns))".utf8)
        )
    }

    /// Takes the bar away, so that a line of text can be written.
    mutating func clear() {
        guard isShown, lastDrawn != nil else { return }
        lastDrawn = nil
        // Lost if it fails: a drawing.
        try? StandardStream.error.write(Array("\r\u{1B}[K".utf8))
    }
}
