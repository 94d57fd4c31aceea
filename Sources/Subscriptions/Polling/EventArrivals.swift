/// When events came, over a window of time that is taken to repeat.
public struct EventArrivals: Hashable, Sendable {
    /// The windows that can be looked at: a second to a day.
    public static let windows = Duration.seconds(1)...Duration.seconds(86_400)

    /// When each event came, from the beginning of the window, in order.
    public let times: [Duration]
    /// How long the window is.
    public let window: Duration

    let seconds: [Double]
    let windowSeconds: Double
    /// The sum of the first so many times.
    private let sums: [Double]

    /// States when events came.
    ///
    /// - Parameters:
    ///   - times: From the beginning of the window; what is outside it is left out.
    ///   - window: Cut to ``windows``.
    public init(_ times: [Duration], within window: Duration) {
        let window = min(max(window, Self.windows.lowerBound), Self.windows.upperBound)
        self.window = window
        self.times = times.filter { $0 >= .zero && $0 < window }.sorted()
        seconds = self.times.map { $0 / .seconds(1) }
        windowSeconds = window / .seconds(1)
        var sums = [0.0]
        for time in seconds { sums.append(sums[sums.count - 1] + time) }
        self.sums = sums
    }

    /// Events in a second, on average.
    public var perSecond: Double { Double(times.count) / windowSeconds }

    /// The events up to a time, and the sum of their times, the window repeated for ever.
    func through(_ time: Double) -> (count: Double, sum: Double) {
        let periods = (time / windowSeconds).rounded(.down)
        let place = firstIndex(after: time - periods * windowSeconds)
        let each = Double(seconds.count)
        let start = periods * windowSeconds
        return (
            periods * each + Double(place),
            // The windows that are over, each later than the one before, and the one that is not.
            periods * sums[seconds.count] + each * windowSeconds * periods * (periods - 1) / 2
                + sums[place] + Double(place) * start
        )
    }

    /// When the next event comes after a time; nil where none ever does.
    func next(after time: Double) -> Double? {
        guard let first = seconds.first else { return nil }
        let periods = (time / windowSeconds).rounded(.down)
        let place = firstIndex(after: time - periods * windowSeconds)
        let next =
            place < seconds.count
            ? seconds[place] + periods * windowSeconds : first + (periods + 1) * windowSeconds
        // Rounding must not lead back.
        return max(next, time.nextUp)
    }

    private func firstIndex(after time: Double) -> Int {
        var (low, high) = (0, seconds.count)
        while low < high {
            let middle = (low + high) / 2
            if seconds[middle] <= time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
