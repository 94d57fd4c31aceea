import EventModel

/// Converts JSON to XML as the product does: members become elements, an array repeats its
/// element, numbers and words stay as they were written.
///
/// Leading members `@x` of an object become attributes, and `#text` its text, so that what came
/// from XML becomes that XML again. An array at the top, or in another array, repeats the element
/// inside of itself, because there must be one element around it.
enum JSONToXML {
    /// Appends an element that holds a value.
    ///
    /// A long name around many short elements makes much of little. What would grow to more than
    /// sixteen times its bytes and 64 KiB is appended as the JSON text that it is.
    ///
    /// - Parameters:
    ///   - text: The bytes that hold the value.
    ///   - value: Where it stands, as ``JSONIndent/value(in:)`` says.
    ///   - name: The element's name.
    ///   - attributes: What the element declares, with a space before it.
    ///   - xml: Takes the element.
    static func append(
        _ text: [UInt8],
        _ value: Range<Int>,
        as name: StaticString,
        attributes: StaticString,
        to xml: inout [UInt8]
    ) {
        let start = xml.count
        var walk = Walk(text, value, limit: start + 16 * value.count + 65_536)
        // Exchanged and not copied: a page's bytes are many.
        swap(&walk.xml, &xml)
        let isWhole = walk.root(bytes(name), bytes(attributes))
        swap(&walk.xml, &xml)
        if isWhole { return }
        xml.removeSubrange(start...)
        append(text: Array(text[value]), as: name, attributes: attributes, to: &xml)
    }

    /// Appends an element that holds a text; `<x />` where the text is empty.
    static func append(
        text: [UInt8],
        as name: StaticString,
        attributes: StaticString,
        to xml: inout [UInt8]
    ) {
        xml.append(UInt8(ascii: "<"))
        xml.add(name)
        xml.add(attributes)
        guard !text.isEmpty else { return xml.add(" />") }
        xml.append(UInt8(ascii: ">"))
        XMLOutput.append(text: text, to: &xml)
        xml.add("</")
        xml.add(name)
        xml.append(UInt8(ascii: ">"))
    }

    private static func bytes(_ text: StaticString) -> [UInt8] {
        text.withUTF8Buffer { Array($0) }
    }
}

/// A way through a value, which was checked before: errors of the reader cannot happen, and end
/// the way as the limit does.
private struct Walk {
    private struct PastLimit: Error {}

    /// More attributes than our own reader of XML takes become elements.
    private static let attributeLimit = 64

    var xml: [UInt8] = []
    private var json: JSONReader
    private let limit: Int

    init(_ text: [UInt8], _ value: Range<Int>, limit: Int) {
        json = JSONReader(text, in: value)
        self.limit = limit
    }

    /// Converts the whole value; false where the limit was passed.
    mutating func root(_ name: [UInt8], _ attributes: [UInt8]) -> Bool {
        (try? element(name, attributes)) != nil
    }

    /// Converts the value that comes next to one element.
    ///
    /// Values are nested no deeper than JSON may be, so this calls itself no more often.
    private mutating func element(_ name: [UInt8], _ attributes: [UInt8] = []) throws {
        xml.append(UInt8(ascii: "<"))
        xml.append(contentsOf: name)
        xml.append(contentsOf: attributes)
        let isEmpty =
            switch json.peek() {
            case UInt8(ascii: "{"): try object()
            case UInt8(ascii: "["): try content { (walk) throws in try walk.elements(name) }
            default:
                try content { (walk) throws in
                    XMLOutput.append(text: try walk.scalar(), to: &walk.xml)
                }
            }
        if isEmpty {
            xml.removeLast()
            xml.add(" />")
        } else {
            xml.add("</")
            xml.append(contentsOf: name)
            xml.append(UInt8(ascii: ">"))
        }
        if xml.count > limit { throw PastLimit() }
    }

    /// Ends a start tag and writes what is in its element; returns whether that is nothing.
    private mutating func content(_ write: (inout Walk) throws -> Void) throws -> Bool {
        xml.append(UInt8(ascii: ">"))
        let start = xml.count
        try write(&self)
        return xml.count == start
    }

    /// Converts an array to elements that have one name.
    private mutating func elements(_ name: [UInt8]) throws {
        try json.enterArray()
        var isFirst = true
        while try json.nextElement(isFirst: isFirst) {
            isFirst = false
            try element(name)
        }
    }

    /// Converts an object: writes its attributes, ends the start tag, and goes on with what is in
    /// the element; returns whether that is nothing.
    private mutating func object() throws -> Bool {
        try json.enterObject()
        var attributes: [[UInt8]] = []
        var isFirst = true
        while let string = try json.nextName(isFirst: isFirst) {
            isFirst = false
            let name = JSONText.decode(string, in: json.bytes)
            guard let attribute = attributeName(name), isScalarNext,
                attributes.count < Self.attributeLimit, !attributes.contains(attribute)
            else { return try content { (walk) throws in try walk.members(from: name) } }
            attributes.append(attribute)
            try writeAttribute(attribute)
        }
        return try content { _ in }
    }

    /// Converts the member whose name was read, and all that follow.
    private mutating func members(from name: [UInt8]) throws {
        try member(name)
        while let string = try json.nextName(isFirst: false) {
            try member(JSONText.decode(string, in: json.bytes))
        }
    }

    private mutating func member(_ name: [UInt8]) throws {
        if name.elementsEqual("#text".utf8), isScalarNext {
            return XMLOutput.append(text: try scalar(), to: &xml)
        }
        let encoded = XMLNames.encode(name)
        if json.peek() == UInt8(ascii: "[") {
            try elements(encoded)
        } else {
            try element(encoded)
        }
    }

    /// The name of the attribute that a member stands for; nil where it stands for an element.
    ///
    /// Declarations of namespaces stay elements: they would change what the elements around mean.
    private func attributeName(_ name: [UInt8]) -> [UInt8]? {
        guard name.first == UInt8(ascii: "@"), name.count > 1 else { return nil }
        let encoded = XMLNames.encode(Array(name.dropFirst()))
        return encoded.starts(with: "xmlns".utf8) ? nil : encoded
    }

    private mutating func writeAttribute(_ name: [UInt8]) throws {
        xml.append(UInt8(ascii: " "))
        xml.append(contentsOf: name)
        xml.add("=\"")
        XMLOutput.append(attribute: try scalar(), to: &xml)
        xml.append(UInt8(ascii: "\""))
    }

    private var isScalarNext: Bool {
        mutating get {
            let byte = json.peek()
            return byte != UInt8(ascii: "{") && byte != UInt8(ascii: "[")
        }
    }

    /// The text of a scalar: a string's characters, nothing for `null`, else what is written.
    private mutating func scalar() throws -> [UInt8] {
        if json.peek() == UInt8(ascii: "\"") {
            return JSONText.decode(try json.string(), in: json.bytes)
        }
        let value = try json.value()
        return json.bytes[value.lowerBound] == UInt8(ascii: "n") ? [] : Array(json.bytes[value])
    }
}
