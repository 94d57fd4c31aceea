/// Numbers and times as people read them.
enum Quantity {
    /// A number with its digits in groups of three: `262,200`.
    static func grouped(_ value: some BinaryInteger) -> String {
        let digits = Array(String(value.magnitude))
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// A duration in its largest fitting units: `1.5 s`, `2 min 05 s`, `3 h 10 min`, `4 d 2 h`.
    static func time(_ duration: Duration) -> String {
        let seconds = duration.inSeconds
        let whole = Int64(seconds)
        switch abs(whole) {
        case ..<10: return "\(Double(Int64(seconds * 10)) / 10) s"
        case ..<60: return "\(whole) s"
        case ..<3_600: return "\(whole / 60) min \(padded(whole % 60)) s"
        case ..<86_400: return "\(whole / 3_600) h \(padded(whole % 3_600 / 60)) min"
        default: return "\(whole / 86_400) d \(whole % 86_400 / 3_600) h"
        }
    }

    /// A count of bytes in binary units: `1.5 MiB`.
    static func bytes(_ count: Int64) -> String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(count)
        var unit = 0
        while value >= 1_024, unit < units.count - 1 {
            value /= 1_024
            unit += 1
        }
        return unit == 0 ? "\(count) bytes" : "\(Double(Int64(value * 10)) / 10) \(units[unit])"
    }

    private static func padded(_ value: Int64) -> String {
        value.magnitude < 10 ? "0\(value.magnitude)" : "\(value.magnitude)"
    }
}

extension Duration {
    /// The duration in seconds, as a fraction.
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
