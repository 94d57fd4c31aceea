import AtomFormat
import EventModel

/// Converts elements of XML to JSON as the product does.
///
/// An element without attributes and children is a string, or `null` where it is empty; all others
/// are objects: attributes are members `@x`, text beside them is `#text`, and children of one name
/// are one member, an array where there are several. Names count without prefix and namespace.
enum XMLToJSON {
    /// Appends an element's value; elements are nested no deeper than the reader of XML allowed.
    static func append(_ element: XMLElement, to json: inout [UInt8]) {
        let text = Array(element.text.utf8)
        // White space alone is layout, as it is for the product's reader.
        let hasText = !text.allSatisfy { $0 <= 0x20 }
        guard !element.attributes.isEmpty || !element.children.isEmpty else {
            if hasText { JSONWriting.appendString(text, to: &json) } else { json.add("null") }
            return
        }
        json.append(UInt8(ascii: "{"))
        var isFirst = true
        for name in namesOfAttributes(element) {
            appendName(Array("@".utf8) + name.name, isFirst: &isFirst, to: &json)
            JSONWriting.appendString(name.value, to: &json)
        }
        if hasText {
            appendName(Array("#text".utf8), isFirst: &isFirst, to: &json)
            JSONWriting.appendString(text, to: &json)
        }
        for (name, places) in groups(element.children) {
            appendName(name, isFirst: &isFirst, to: &json)
            appendGroup(places.map { element.children[$0] }, to: &json)
        }
        json.append(UInt8(ascii: "}"))
    }

    private static func appendName(
        _ name: [UInt8],
        isFirst: inout Bool,
        to json: inout [UInt8]
    ) {
        if !isFirst { json.append(UInt8(ascii: ",")) }
        isFirst = false
        JSONWriting.appendString(name, to: &json)
        json.append(UInt8(ascii: ":"))
    }

    private static func appendGroup(_ elements: [XMLElement], to json: inout [UInt8]) {
        guard elements.count > 1 else {
            for element in elements { append(element, to: &json) }
            return
        }
        json.append(UInt8(ascii: "["))
        for (place, element) in elements.enumerated() {
            if place > 0 { json.append(UInt8(ascii: ",")) }
            append(element, to: &json)
        }
        json.append(UInt8(ascii: "]"))
    }

    /// The attributes, the first of each name.
    private static func namesOfAttributes(
        _ element: XMLElement
    ) -> [(name: [UInt8], value: String)] {
        var attributes: [(name: [UInt8], value: String)] = []
        for attribute in element.attributes {
            let name = XMLNames.decode(Array(attribute.name.localName.utf8))
            // The reader of XML takes 64 at the most, so that this is no long walk.
            if attributes.contains(where: { $0.name == name }) { continue }
            attributes.append((name, attribute.value))
        }
        return attributes
    }

    /// The places of children by name, in the order in which names occur first.
    private static func groups(_ children: [XMLElement]) -> [(name: [UInt8], places: [Int])] {
        var groups: [(name: [UInt8], places: [Int])] = []
        var known: [[UInt8]: Int] = [:]
        for (place, child) in children.enumerated() {
            let name = XMLNames.decode(Array(child.name.localName.utf8))
            if let group = known[name] {
                groups[group].places.append(place)
            } else {
                known[name] = groups.count
                groups.append((name, [place]))
            }
        }
        return groups
    }
}
