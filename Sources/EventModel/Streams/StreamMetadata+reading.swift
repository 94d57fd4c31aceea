extension StreamMetadata {
    /// The longest ``maximumAge`` that is understood, in seconds: some 29,000 years.
    ///
    /// It is that of the product whose words these are. In microseconds it fits an `Int64`.
    static let longestAge: Int64 = 922_337_203_685

    /// Reads the data of an event of a metadata stream.
    ///
    /// Whatever is no JSON object, and an object in which a known key has a value of the wrong kind
    /// or out of range, says nothing at all; so nobody can make a stream unreadable. Unknown keys
    /// are ignored, of a key that stands there twice the last one counts.
    ///
    /// - Parameter bytes: The data; any bytes.
    /// - Complexity: Linear in the bytes.
    public init(reading bytes: [UInt8]) {
        self.init()
        // What is wrong is of no interest here: the writer's text is kept and shown as it is.
        if let read = try? Self.read(bytes) { self = read }
    }

    private struct WrongValue: Error {}

    private static func read(_ bytes: [UInt8]) throws -> StreamMetadata {
        var metadata = StreamMetadata()
        try JSONReader.forEachMember(of: bytes) { name, value in
            // No letter of these names has a canonical equivalent: equal means the same bytes.
            switch name {
            case "$maxCount": metadata.maximumCount = try integer(bytes[value], from: 1)
            case "$maxAge":
                let seconds = try integer(bytes[value], from: 1)
                guard seconds <= longestAge else { throw WrongValue() }
                metadata.maximumAge = .seconds(seconds)
            case "$tb":
                metadata.truncatedThrough = StreamVersion(try integer(bytes[value], from: 0))
            case "$cacheControl": metadata.cacheSeconds = try integer(bytes[value], from: 1)
            case "$acl": metadata.accessList = try StreamAccessList(reading: bytes, in: value)
            default: break
            }
        }
        return metadata
    }

    /// A whole number without fraction or exponent.
    private static func integer(_ digits: ArraySlice<UInt8>, from lowest: Int64) throws -> Int64 {
        guard let value = Int64(String(decoding: digits, as: UTF8.self)), value >= lowest else {
            throw WrongValue()
        }
        return value
    }
}

extension StreamMetadata {
    /// The text of metadata with another `$tb`, everything else byte for byte as it was.
    ///
    /// - Parameters:
    ///   - version: Up to where events are to be hidden.
    ///   - bytes: The data of the newest event of the metadata stream; any bytes.
    /// - Returns: An object that hides those events: `{"$tb":N}` alone where the text is no object
    ///   or would say nothing.
    package static func truncating(through version: StreamVersion, _ bytes: [UInt8]) -> [UInt8] {
        let value = Array(version.description.utf8)
        var place: Range<Int>?
        var isEmpty = true
        // Where it is no object, nothing of it can be kept.
        let isObject: Void? = try? JSONReader.forEachMember(of: bytes) { name, range in
            isEmpty = false
            if name == "$tb" { place = range }
        }
        if isObject != nil {
            var text = bytes
            if let place {
                text.replaceSubrange(place, with: value)
            } else if let brace = bytes.firstIndex(of: UInt8(ascii: "{")) {
                let member = Array("\"$tb\":".utf8) + value + Array((isEmpty ? "" : ",").utf8)
                text.insert(contentsOf: member, at: brace + 1)
            }
            if StreamMetadata(reading: text).truncatedThrough == version { return text }
        }
        return Array("{\"$tb\":".utf8) + value + [UInt8(ascii: "}")]
    }
}
