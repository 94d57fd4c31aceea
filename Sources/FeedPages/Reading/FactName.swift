/// The facts of a document by their names in the three places where they stand.
enum FactName: String, CaseIterable {
    case epoch, format, first, last, head, after, chain, filter, stream, version
    case pageSize = "page-size"
    case chainBefore = "chain-before"
    case scannedTo = "scanned-to"
    case chainAfter = "chain-after"

    /// The attribute of `ef:feed`.
    var attribute: String { rawValue }

    /// The member of `feed`.
    var member: String {
        switch self {
        case .pageSize: "pageSize"
        case .chainBefore: "chainBefore"
        case .scannedTo: "scannedTo"
        case .chainAfter: "chainAfter"
        default: rawValue
        }
    }

    /// The response header; the stream's name has none.
    var header: String? { self == .stream ? nil : "EventFeed-\(rawValue)" }

    /// Whether JSON has it as a number.
    var isNumber: Bool {
        switch self {
        case .format, .pageSize, .first, .last, .head, .after, .scannedTo, .version: true
        case .epoch, .chain, .filter, .stream, .chainBefore, .chainAfter: false
        }
    }
}
