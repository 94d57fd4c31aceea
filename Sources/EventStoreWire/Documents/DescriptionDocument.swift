/// What is shown of a stream where nobody says in which form the stream is wanted.
enum DescriptionDocument {
    /// Writes the document; addresses in it have neither scheme nor host.
    ///
    /// - Parameter stream: The stream's name; there need not be such a stream.
    /// - Returns: The document.
    static func render(_ stream: String) -> [UInt8] {
        let path = WireAddresses.path(of: stream)
        var json = JSONOutput(capacity: 640 + 8 * stream.utf8.count)
        json.openObject()
        json.member("title", "Description document for '" + stream + "'")
        json.member(
            "description",
            "The description document will be presented when no accept header is present "
                + "or it was requested"
        )
        json.name("_links")
        json.openObject()
        write("self", path, ["application/vnd.eventstore.streamdesc+json"], to: &json)
        write(
            "stream",
            path,
            ["application/atom+xml", "application/vnd.eventstore.atom+json"],
            to: &json
        )
        json.closeObject()
        json.closeObject()
        return json.bytes
    }

    private static func write(
        _ name: StaticString,
        _ path: String,
        _ mediaTypes: [String],
        to json: inout JSONOutput
    ) {
        json.name(name)
        json.openObject()
        json.member("href", path)
        json.name("supportedContentTypes")
        json.openArray()
        for mediaType in mediaTypes {
            json.element()
            json.string(mediaType)
        }
        json.closeArray()
        json.closeObject()
    }
}
