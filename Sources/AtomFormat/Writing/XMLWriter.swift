/// Writes XML into a buffer of bytes, always the same bytes for the same calls.
///
/// The form is that of `feeds/README.md`, section 6.1: a block element stands on a line of its own,
/// indented by two spaces for each level; an inline one follows what is there; nothing is added
/// inside elements that have text. Elements are named with their prefixes, which the caller has
/// declared on the root.
///
/// The caller closes what it opens; whoever ends more elements than it began meets a precondition.
package struct XMLWriter: Sendable {
    /// What has been written so far.
    package private(set) var bytes: [UInt8]
    private var open: [OpenElement] = []
    private var isStartTagOpen = false
    private let outerDepth: Int

    private struct OpenElement {
        let name: String
        var hasBlocks = false
    }

    /// Begins a document with the XML declaration.
    ///
    /// - Parameter capacity: Bytes to reserve, a guess at the document's length.
    package init(capacity: Int = 4_096) {
        bytes = []
        bytes.reserveCapacity(capacity)
        bytes.append(contentsOf: #"<?xml version="1.0" encoding="utf-8"?>"#.utf8)
        outerDepth = 0
    }

    /// Begins a piece of a document, to be put into another with ``splice(_:)``.
    ///
    /// - Parameters:
    ///   - depth: How many elements will be around it, 1 for an entry of a feed.
    ///   - capacity: Bytes to reserve, a guess at the piece's length.
    package init(pieceAtDepth depth: Int, capacity: Int = 1_024) {
        bytes = []
        bytes.reserveCapacity(capacity)
        outerDepth = depth
    }

    /// Begins an element on a line of its own.
    ///
    /// - Parameter name: The name with its prefix.
    package mutating func start(_ name: String) {
        breakLine()
        startInline(name)
    }

    /// Begins an element on the line of what stands before it.
    ///
    /// - Parameter name: The name with its prefix.
    package mutating func startInline(_ name: String) {
        closeStartTag()
        bytes.append(UInt8(ascii: "<"))
        bytes.append(contentsOf: name.utf8)
        open.append(OpenElement(name: name))
        isStartTagOpen = true
    }

    /// Adds an attribute to the element that was just begun.
    ///
    /// - Parameters:
    ///   - name: The name with its prefix.
    ///   - value: The value, unescaped.
    /// - Throws: ``AtomError`` (`unwritable`) if XML cannot carry a character of the value.
    package mutating func attribute(_ name: String, _ value: String) throws(AtomError) {
        precondition(isStartTagOpen, "attributes come before content")
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: name.utf8)
        bytes.append(UInt8(ascii: "="))
        bytes.append(UInt8(ascii: "\""))
        try appendEscaped(value, classes: XMLText.inAttribute)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Adds an attribute if there is a value.
    ///
    /// - Parameters:
    ///   - name: The name with its prefix.
    ///   - value: The value, unescaped; `nil` adds nothing.
    /// - Throws: ``AtomError`` (`unwritable`) if XML cannot carry a character of the value.
    package mutating func attribute(_ name: String, ifAny value: String?) throws(AtomError) {
        if let value { try attribute(name, value) }
    }

    /// Adds an attribute with a decimal number.
    ///
    /// - Parameters:
    ///   - name: The name with its prefix.
    ///   - value: The number.
    package mutating func attribute(_ name: String, number value: some BinaryInteger) {
        precondition(isStartTagOpen, "attributes come before content")
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: name.utf8)
        bytes.append(UInt8(ascii: "="))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: String(value).utf8)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes character data; an empty one too makes the element have both tags.
    ///
    /// - Parameter text: The text, unescaped.
    /// - Throws: ``AtomError`` (`unwritable`) if XML cannot carry a character of the text.
    package mutating func text(_ text: String) throws(AtomError) {
        closeStartTag()
        try appendEscaped(text, classes: XMLText.inText)
    }

    /// Writes character data; an empty one too makes the element have both tags.
    ///
    /// - Parameter utf8: The text's bytes, unescaped.
    /// - Throws: ``AtomError`` (`unwritable`) if the bytes are not UTF-8 or XML cannot carry a
    ///   character of the text.
    package mutating func text(utf8: [UInt8]) throws(AtomError) {
        closeStartTag()
        try append(utf8.span, classes: XMLText.inText)
    }

    /// Writes bytes as Base64; none too make the element have both tags.
    ///
    /// - Parameter data: The bytes.
    package mutating func base64(_ data: [UInt8]) {
        closeStartTag()
        Base64.append(data, to: &bytes)
    }

    /// Puts a finished piece where a block element may stand.
    ///
    /// - Parameter piece: The bytes of a writer that began as a piece at this depth.
    package mutating func splice(_ piece: [UInt8]) {
        closeStartTag()
        if !open.isEmpty { open[open.count - 1].hasBlocks = true }
        bytes.append(contentsOf: piece)
    }

    /// Ends the element that was begun last; one without content becomes an empty-element tag.
    package mutating func end() {
        guard let element = open.popLast() else {
            preconditionFailure("there is no element to end")
        }
        if isStartTagOpen {
            bytes.append(UInt8(ascii: "/"))
            bytes.append(UInt8(ascii: ">"))
            isStartTagOpen = false
            return
        }
        if element.hasBlocks { indent() }
        bytes.append(UInt8(ascii: "<"))
        bytes.append(UInt8(ascii: "/"))
        bytes.append(contentsOf: element.name.utf8)
        bytes.append(UInt8(ascii: ">"))
    }

    /// Writes a block element with nothing but text.
    ///
    /// - Parameters:
    ///   - name: The name with its prefix.
    ///   - text: The text, unescaped; an empty one gives both tags.
    /// - Throws: ``AtomError`` (`unwritable`) if XML cannot carry a character of the text.
    package mutating func element(_ name: String, _ text: String) throws(AtomError) {
        start(name)
        try self.text(text)
        end()
    }

    /// Ends the document with its last line feed.
    ///
    /// - Returns: The document's bytes.
    package consuming func finish() -> [UInt8] {
        precondition(open.isEmpty, "an element is still open")
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }
}

extension XMLWriter {
    /// Begins a new line for a block element.
    private mutating func breakLine() {
        closeStartTag()
        if !open.isEmpty { open[open.count - 1].hasBlocks = true }
        indent()
    }

    /// Begins a line, indented for the elements that are open.
    private mutating func indent() {
        bytes.append(UInt8(ascii: "\n"))
        for _ in 0..<(open.count + outerDepth) {
            bytes.append(UInt8(ascii: " "))
            bytes.append(UInt8(ascii: " "))
        }
    }

    /// Ends a start tag to which attributes could still be added.
    private mutating func closeStartTag() {
        guard isStartTagOpen else { return }
        bytes.append(UInt8(ascii: ">"))
        isStartTagOpen = false
    }

    /// Appends the bytes of a text with escapes.
    private mutating func appendEscaped(
        _ text: String,
        classes: [XMLText.ByteClass]
    ) throws(AtomError) {
        try append(text.utf8.span, classes: classes)
    }

    /// Appends bytes with escapes, copying what lies between two escapes at once.
    private mutating func append(
        _ span: Span<UInt8>,
        classes: [XMLText.ByteClass]
    ) throws(AtomError) {
        let invalid = span.withUnsafeBufferPointer { buffer -> Int? in
            var start = 0
            while let special = XMLText.nextSpecial(in: buffer, from: start, classes: classes) {
                bytes.append(contentsOf: buffer[start..<special])
                guard let escape = XMLText.escape(of: buffer[special]) else { return special }
                escape.withUTF8Buffer { bytes.append(contentsOf: $0) }
                start = special + 1
            }
            bytes.append(contentsOf: buffer[start...])
            return nil
        }
        guard let invalid else { return }
        let subject = open.last.map { "text or an attribute of \($0.name)" } ?? "text"
        throw AtomError(
            .unwritable,
            subject,
            value: "byte 0x\(String(span[invalid], radix: 16)) after \(invalid) bytes"
        )
    }
}
