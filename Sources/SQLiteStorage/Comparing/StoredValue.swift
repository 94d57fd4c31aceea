/// One value as SQLite keeps it, with its type: `1`, `1.0` and `'1'` are three values.
public enum StoredValue: Hashable, Sendable {
    /// `NULL`.
    case null
    /// An integer.
    case integer(Int64)
    /// A floating-point number.
    case real(Double)
    /// The bytes of a text; UTF-8, unless whoever wrote it wrote something else.
    case text([UInt8])
    /// Bytes.
    case blob([UInt8])
}

extension StoredValue {
    /// How values stand to each other.
    enum Order {
        case before, same, after
    }

    /// The order in which SQLite sorts with the collation `BINARY`: `NULL`, numbers, texts, BLOBs
    /// (<https://www.sqlite.org/datatype3.html#sort_order>).
    ///
    /// Equal numbers are the same here, whatever their types.
    func order(to other: StoredValue) -> Order {
        switch (self, other) {
        case (.integer(let left), .integer(let right)): Self.order(left, right)
        case (.real(let left), .real(let right)): Self.order(left, right)
        case (.integer(let left), .real(let right)): Self.order(left, right)
        case (.real(let left), .integer(let right)): Self.order(right, left).reversed
        case (.text(let left), .text(let right)), (.blob(let left), .blob(let right)):
            left == right ? .same : left.lexicographicallyPrecedes(right) ? .before : .after
        default: Self.order(rank, other.rank)
        }
    }

    /// The beginning of `typeof`, by which equal numbers of two types are told apart.
    var typeLetter: UInt8 {
        switch self {
        case .null: UInt8(ascii: "n")
        case .integer: UInt8(ascii: "i")
        case .real: UInt8(ascii: "r")
        case .text: UInt8(ascii: "t")
        case .blob: UInt8(ascii: "b")
        }
    }

    private var rank: Int {
        switch self {
        case .null: 0
        case .integer, .real: 1
        case .text: 2
        case .blob: 3
        }
    }

    /// A floating-point number has too few digits for every integer, and an integer cannot be as
    /// large as a floating-point number.
    private static func order(_ integer: Int64, _ real: Double) -> Order {
        if real >= 0x1p63 { return .before }
        if real < -0x1p63 { return .after }
        let whole = Int64(real)
        guard whole == integer else { return order(integer, whole) }
        return order(real.rounded(.towardZero), real)
    }

    private static func order<Value: Comparable>(_ left: Value, _ right: Value) -> Order {
        left == right ? .same : left < right ? .before : .after
    }
}

extension StoredValue.Order {
    fileprivate var reversed: StoredValue.Order {
        switch self {
        case .before: .after
        case .same: .same
        case .after: .before
        }
    }
}
