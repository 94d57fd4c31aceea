/// Swift source with comments and the contents of literals replaced by spaces.
///
/// Every scalar keeps its place and every line break stays, so a place in ``code`` is a place in
/// the file. What stands in an interpolation is code and stays.
struct SwiftText {
    /// The source without comments and literals.
    private(set) var code: [Unicode.Scalar] = []
    private var source: [Unicode.Scalar]
    private var place = 0

    init(_ text: String) {
        source = Array(text.unicodeScalars)
        copyCode(untilClosing: false)
        lines = self.text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The code as one text.
    var text: String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: code)
        return String(text)
    }

    /// The code line by line.
    private(set) var lines: [Substring] = []

    private func at(_ distance: Int) -> Unicode.Scalar? {
        place + distance < source.count ? source[place + distance] : nil
    }

    private func startsHere(_ text: String) -> Bool {
        var distance = 0
        for scalar in text.unicodeScalars {
            guard at(distance) == scalar else { return false }
            distance += 1
        }
        return true
    }

    private mutating func keep(_ count: Int = 1) {
        code += source[place..<min(place + count, source.count)]
        place += count
    }

    private mutating func blank(_ count: Int = 1) {
        for scalar in source[place..<min(place + count, source.count)] {
            code.append(scalar == "\n" ? "\n" : " ")
        }
        place += count
    }

    /// Copies code; inside an interpolation, up to the parenthesis that closes it.
    private mutating func copyCode(untilClosing: Bool) {
        var depth = 0
        while place < source.count {
            if startsHere("//") {
                while let next = at(0), next != "\n" { blank() }
            } else if startsHere("/*") {
                blankBlockComment()
            } else if let fence = literalFence() {
                blankLiteral(fence)
            } else if startsHere("`") {
                blankName()
            } else {
                if at(0) == "(" { depth += 1 }
                if at(0) == ")" {
                    if depth == 0, untilClosing { return }
                    depth -= 1
                }
                keep()
            }
        }
    }

    private mutating func blankBlockComment() {
        var depth = 0
        repeat {
            if startsHere("/*") {
                depth += 1
                blank(2)
            } else if startsHere("*/") {
                depth -= 1
                blank(2)
            } else {
                blank()
            }
        } while depth > 0 && place < source.count
    }

    /// A name in back-ticks, which for tests is a sentence, becomes underscores.
    private mutating func blankName() {
        repeat {
            code.append("_")
            place += 1
        } while at(0) != "`" && place < source.count
        code.append("_")
        place += 1
    }

    /// The hashes and quotes that begin a literal here.
    private func literalFence() -> (hashes: Int, quotes: Int)? {
        var hashes = 0
        while at(hashes) == "#" { hashes += 1 }
        guard at(hashes) == "\"" else { return nil }
        let isLong = at(hashes + 1) == "\"" && at(hashes + 2) == "\""
        return (hashes, isLong ? 3 : 1)
    }

    private mutating func blankLiteral(_ fence: (hashes: Int, quotes: Int)) {
        let hashes = String(repeating: "#", count: fence.hashes)
        let end = String(repeating: "\"", count: fence.quotes) + hashes
        blank(fence.hashes + fence.quotes)
        while place < source.count, !startsHere(end) {
            if startsHere("\\" + hashes + "(") {
                blank(2 + fence.hashes)
                copyCode(untilClosing: true)
                blank()
            } else if startsHere("\\" + hashes) {
                blank(2 + fence.hashes)
            } else {
                blank()
            }
        }
        blank(end.unicodeScalars.count)
    }
}
