import AtomFormat
import EventModel

/// One event as one JSON object on one line.
enum JSONLine {
    /// Appends the object of a recorded event, without a line feed.
    ///
    /// A large value is referred to below `valuePrefix`; without one it stands in the line itself.
    static func append(
        _ event: RecordedEvent,
        valuePrefix: String?,
        to bytes: inout [UInt8]
    ) {
        bytes.append(UInt8(ascii: "{"))
        JSONWriting.appendName("number", to: &bytes)
        Decimal.append(event.number.rawValue, to: &bytes)
        append("stream", event.stream.text, to: &bytes)
        appendName("version", to: &bytes)
        Decimal.append(event.version.rawValue, to: &bytes)
        append("type", event.type.text, to: &bytes)
        append("id", event.id.description, to: &bytes)
        appendName("recordedAt", to: &bytes)
        JSONWriting.appendString(event.recordedAt.rfc3339, to: &bytes)
        append("mediaType", event.data.mediaType.text, to: &bytes)
        let number = event.number
        let dataReference = valuePrefix.map { prefix in { "\(prefix)data/\(number)" } }
        append(event.data, .data, reference: dataReference, to: &bytes)
        if let metadata = event.metadata {
            appendMetadataType(metadata, to: &bytes)
            let reference = valuePrefix.map { prefix in { "\(prefix)metadata/\(number)" } }
            append(metadata, .metadata, reference: reference, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// Appends the object of an event that is to be appended, without a line feed: values always
    /// stand in the line itself.
    static func append(
        _ event: NewEvent,
        expecting expected: ExpectedVersion?,
        to bytes: inout [UInt8]
    ) {
        bytes.append(UInt8(ascii: "{"))
        JSONWriting.appendName("stream", to: &bytes)
        JSONWriting.appendString(event.stream.text, to: &bytes)
        append("type", event.type.text, to: &bytes)
        append("id", event.id.description, to: &bytes)
        append("mediaType", event.data.mediaType.text, to: &bytes)
        append(event.data, .data, reference: nil, to: &bytes)
        if let metadata = event.metadata {
            appendMetadataType(metadata, to: &bytes)
            append(metadata, .metadata, reference: nil, to: &bytes)
        }
        switch expected {
        case nil: break
        case .exactly(let version)?:
            appendName("expect", to: &bytes)
            Decimal.append(version.rawValue, to: &bytes)
        case let expected?:
            append("expect", expected.description, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// The names of the members that hold a value.
    private struct Names {
        let plain, text, base64, source, length, digest: StaticString

        static func names(_ kind: ValueKind) -> Names {
            switch kind {
            case .data:
                Names(
                    plain: "data",
                    text: "dataText",
                    base64: "dataBase64",
                    source: "dataSrc",
                    length: "dataLength",
                    digest: "dataDigest"
                )
            case .metadata:
                Names(
                    plain: "metadata",
                    text: "metadataText",
                    base64: "metadataBase64",
                    source: "metadataSrc",
                    length: "metadataLength",
                    digest: "metadataDigest"
                )
            }
        }
    }

    private static func append(
        _ value: Payload,
        _ kind: ValueKind,
        reference: (() -> String)?,
        to bytes: inout [UInt8]
    ) {
        let names = Names.names(kind)
        var form = ValueForm(of: value)
        if form == .outOfLine {
            if let reference {
                append(names.source, reference(), to: &bytes)
                appendName(names.length, to: &bytes)
                Decimal.append(Int64(value.bytes.count), to: &bytes)
                append(names.digest, PayloadDigest(of: value.bytes).description, to: &bytes)
                return
            }
            let isText = value.mediaType.isUTF8Text && XMLText.escapedLength(of: value.bytes) != nil
            form = isText ? .text : .base64
        }
        if form == .base64 {
            appendName(names.base64, to: &bytes)
            bytes.append(UInt8(ascii: "\""))
            Base64.append(value.bytes, to: &bytes)
            bytes.append(UInt8(ascii: "\""))
        } else if value.isCopiedIntoJSON {
            appendName(names.plain, to: &bytes)
            bytes.append(contentsOf: value.bytes)
        } else {
            appendName(names.text, to: &bytes)
            JSONWriting.appendString(value.bytes, to: &bytes)
        }
    }

    private static func appendMetadataType(_ metadata: Payload, to bytes: inout [UInt8]) {
        guard metadata.mediaType != .json else { return }
        append("metadataMediaType", metadata.mediaType.text, to: &bytes)
    }

    private static func appendName(_ name: StaticString, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: ","))
        JSONWriting.appendName(name, to: &bytes)
    }

    private static func append(_ name: StaticString, _ text: String, to bytes: inout [UInt8]) {
        appendName(name, to: &bytes)
        JSONWriting.appendString(text, to: &bytes)
    }
}
