/// Values up to a total cost; when there is no room, those go that nobody asked for the longest.
struct LeastRecentlyUsed<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        var value: Value
        var cost: Int
        /// The one used just after this one.
        var newer: Key?
        /// The one used just before this one.
        var older: Key?
    }

    private var entries: [Key: Entry] = [:]
    private var newest: Key?
    private var oldest: Key?
    private let limit: Int

    /// The cost of all values together; never more than the limit.
    private(set) var cost = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// How many values there are.
    var count: Int { entries.count }

    /// Finds a value, which becomes the one used last.
    mutating func value(for key: Key) -> Value? {
        guard let entry = entries[key] else { return nil }
        unlink(key)
        link(key, entry.value, entry.cost)
        return entry.value
    }

    /// Keeps a value, unless it alone would take more than an eighth of the limit.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - key: What it is found by; another value of the key goes.
    ///   - cost: What it costs, 0 or more.
    mutating func insert(_ value: Value, for key: Key, cost: Int) {
        unlink(key)
        guard cost <= limit / 8 else { return }
        link(key, value, cost)
        while self.cost > limit, let oldest { unlink(oldest) }
    }

    private mutating func link(_ key: Key, _ value: Value, _ cost: Int) {
        entries[key] = Entry(value: value, cost: cost, newer: nil, older: newest)
        if let newest { entries[newest]?.newer = key }
        newest = key
        if oldest == nil { oldest = key }
        self.cost += cost
    }

    private mutating func unlink(_ key: Key) {
        guard let entry = entries.removeValue(forKey: key) else { return }
        if let newer = entry.newer { entries[newer]?.older = entry.older }
        if let older = entry.older { entries[older]?.newer = entry.newer }
        if newest == key { newest = entry.older }
        if oldest == key { oldest = entry.newer }
        cost -= entry.cost
    }
}
