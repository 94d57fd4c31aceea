import EventModel

/// Writes JSON in the product's style: two spaces a level, `\n`, one member a line, `[]` and `{}`
/// where there is nothing inside.
struct JSONOutput {
    /// What was written so far.
    private(set) var bytes: [UInt8] = []
    /// How many objects and arrays are open.
    private var depth = 0
    /// Whether nothing was written yet into the innermost of them.
    private var isEmpty = true
    /// Where texts are put together before they are escaped.
    private var scratch: [UInt8] = []

    /// A line end and more spaces than the depth of any document asks for.
    private static let lineStart: StaticString = "\n                                "

    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    /// The spaces before a member of the innermost object.
    var indent: Int { depth * 2 }

    mutating func openObject() { open(UInt8(ascii: "{")) }

    mutating func closeObject() { close(UInt8(ascii: "}")) }

    mutating func openArray() { open(UInt8(ascii: "[")) }

    mutating func closeArray() { close(UInt8(ascii: "]")) }

    /// Begins a member, whose value comes next.
    mutating func name(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.add(name)
        bytes.add("\": ")
    }

    /// Begins a member whose name is no part of the program.
    mutating func name(of text: String) {
        separate()
        string(text)
        bytes.add(": ")
    }

    /// Begins an element of an array, whose value comes next.
    mutating func element() { separate() }

    /// Appends what was laid out for this place before, comma and all.
    mutating func piece(_ piece: [UInt8]) {
        bytes.append(contentsOf: piece)
        isEmpty = false
    }

    private mutating func open(_ bracket: UInt8) {
        bytes.append(bracket)
        depth += 1
        isEmpty = true
    }

    private mutating func close(_ bracket: UInt8) {
        depth -= 1
        if !isEmpty { startLine() }
        bytes.append(bracket)
        isEmpty = false
    }

    private mutating func separate() {
        if !isEmpty { bytes.append(UInt8(ascii: ",")) }
        isEmpty = false
        startLine()
    }

    private mutating func startLine() {
        let count = 1 + indent
        Self.lineStart.withUTF8Buffer {
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: $0.prefix(count)))
        }
    }
}

/// Values.
extension JSONOutput {
    /// Writes a text as a string.
    mutating func string(_ text: String) {
        JSONWriting.appendString(text, to: &bytes)
    }

    /// Writes bytes as a string; what is not UTF-8 becomes U+FFFD.
    mutating func string(_ text: [UInt8]) {
        JSONWriting.appendString(UTF8Repair.repaired(text), to: &bytes)
    }

    /// Writes what `text` appends between quotes; it must be escaped already.
    mutating func quoted(_ text: (inout [UInt8]) -> Void) {
        bytes.append(UInt8(ascii: "\""))
        text(&bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func number(_ number: Int64) { bytes.add(number) }

    mutating func bool(_ value: Bool) {
        if value { bytes.add("true") } else { bytes.add("false") }
    }

    mutating func time(_ instant: Timestamp?) {
        quoted { $0.add(instant) }
    }

    /// Writes bytes as the JSON that they are, indented for this place, or else as a string.
    mutating func valueOrString(_ text: [UInt8]) {
        guard let value = JSONIndent.value(in: text) else { return string(text) }
        JSONIndent.append(text, value, indent: indent, to: &bytes)
    }

    /// Writes a JSON value as a string that holds it indented.
    mutating func stringOfValue(_ text: [UInt8], _ value: Range<Int>) {
        scratch.removeAll(keepingCapacity: true)
        JSONIndent.append(text, value, indent: 0, to: &scratch)
        JSONWriting.appendString(scratch, to: &bytes)
    }

    /// Writes a member whose value is a text.
    mutating func member(_ name: StaticString, _ text: String) {
        self.name(name)
        string(text)
    }
}
