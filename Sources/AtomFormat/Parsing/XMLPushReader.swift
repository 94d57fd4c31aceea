import CLibXML2

/// Feeds bytes to libxml2's push parser and what it finds to a builder.
///
/// libxml2 gets slices that end at fixed places of the document, however the bytes arrive, so the
/// result cannot depend on that. It keeps a pointer to this object, which therefore must not move:
/// hence a class. It is not `Sendable`; one task reads one document.
final class XMLPushReader {
    /// 64 KiB: large enough to make calls cheap, small against what is in memory anyway.
    private static let usualSliceBytes = 65_536

    private let limits: AtomParser.Limits
    private let sliceBytes: Int
    private var context: xmlParserCtxtPtr?
    private var encoding: DetectedEncoding?
    /// The first bytes, until there are enough of them to see the encoding.
    private var head: [UInt8] = []
    private var slice: [UInt8] = []
    private var bytesTaken = 0
    /// Whether the document's last byte has been read.
    private var isEnding = false
    private var builder: DocumentBuilder
    private var namespaces = NamespaceCache()
    /// The first thing that went wrong; nothing is read after it.
    private var failure: AtomError?

    /// Begins a document.
    init(_ settings: AtomParser, sliceBytes: Int = XMLPushReader.usualSliceBytes) {
        limits = settings.limits
        self.sliceBytes = sliceBytes
        builder = DocumentBuilder(settings)
        var handler = SAXHandler.make()
        // libxml2 copies the handler. The pointer to this object is used in calls of this object
        // alone, so it cannot outlive it.
        let reader = Unmanaged.passUnretained(self).toOpaque()
        context = xmlCreatePushParserCtxt(&handler, reader, nil, 0, nil)
        guard let context else { preconditionFailure("libxml2 has no memory for a parser") }
        // Not NOENT and not HUGE: libxml2's own limits stay in force behind ours.
        xmlCtxtUseOptions(context, Int32(XML_PARSE_NONET.rawValue))
    }

    deinit {
        if let context { xmlFreeParserCtxt(context) }
    }

    /// Takes the next bytes.
    func feed(_ bytes: UnsafeRawBufferPointer) throws(AtomError) {
        if let failure { throw failure }
        guard bytes.count <= limits.documentBytes - bytesTaken else {
            throw fail(AtomError(.limit, "document", limit: limits.documentBytes))
        }
        bytesTaken += bytes.count
        var rest = bytes[...]
        if encoding == nil {
            let piece = rest.prefix(DetectedEncoding.headBytes - head.count)
            head.append(contentsOf: piece)
            rest = rest.dropFirst(piece.count)
            guard head.count == DetectedEncoding.headBytes else { return }
            try pushHead()
        }
        try take(rest)
    }

    /// Cuts bytes into slices.
    private func take(_ bytes: Slice<UnsafeRawBufferPointer>) throws(AtomError) {
        var rest = bytes
        while !rest.isEmpty {
            // libxml2 looks through a CDATA section from its start with every slice, so a long one
            // gets larger ones. What it waits for depends on the document alone, as it must.
            let wanted = isInCDATA ? 8 * sliceBytes : sliceBytes
            if slice.isEmpty, rest.count >= wanted {
                try push(UnsafeRawBufferPointer(rebasing: rest.prefix(wanted)))
                rest = rest.dropFirst(wanted)
                continue
            }
            let piece = rest.prefix(wanted - slice.count)
            slice.append(contentsOf: piece)
            rest = rest.dropFirst(piece.count)
            if slice.count == wanted { try pushSlice() }
        }
    }

    /// The extension elements of a feed that have ended.
    var feedExtensions: [XMLElement] { builder.feed.extensions }

    /// Ends a document that is Atom's.
    func finish() throws(AtomError) -> AtomDocument {
        try end()
        guard let document = builder.document else { throw fail(AtomError(.truncated, "")) }
        return document
    }

    /// Ends a document that is kept as elements.
    func finishTree() throws(AtomError) -> XMLElement {
        try end()
        guard let tree = builder.tree else { throw fail(AtomError(.truncated, "")) }
        return tree
    }

    /// Ends the document.
    private func end() throws(AtomError) {
        if let failure { throw failure }
        if encoding == nil { try pushHead() }
        if !slice.isEmpty { try pushSlice() }
        // Of what is found missing now, all is missing because the document ended.
        isEnding = true
        if let context { xmlParseChunk(context, nil, 0, 1) }
        if let failure { throw failure }
        // libxml2 drops half a character at the end without a word.
        if encoding == .markedUTF16, bytesTaken % 2 == 1 { throw fail(AtomError(.truncated, "")) }
    }

    /// Looks at the encoding, and goes on only if it is allowed.
    ///
    /// libxml2 would convert what it can before it could be asked, and it tells the standard error
    /// stream where it cannot.
    private func pushHead() throws(AtomError) {
        let detected = DetectedEncoding(head)
        encoding = detected
        if let fault = detected.fault(in: head) { throw fail(AtomError(.encoding, fault)) }
        try head.withUnsafeBufferPointer { (buffer) throws(AtomError) in
            try take(UnsafeRawBufferPointer(buffer)[...])
        }
        head = []
    }

    /// Gives libxml2 the bytes that were kept.
    private func pushSlice() throws(AtomError) {
        let kept = slice
        slice.removeAll(keepingCapacity: true)
        try kept.withUnsafeBufferPointer { (buffer) throws(AtomError) in
            try push(UnsafeRawBufferPointer(buffer))
        }
    }

    /// Gives libxml2 a slice.
    private func push(_ bytes: UnsafeRawBufferPointer) throws(AtomError) {
        guard let context else { return }
        let start = bytes.assumingMemoryBound(to: CChar.self).baseAddress
        xmlParseChunk(context, start, Int32(bytes.count), 0)
        if let failure { throw failure }
        guard let input = context.pointee.input else { return }
        // What is left has not ended yet; text does not wait, but CDATA does.
        let waiting = input.pointee.end - input.pointee.cur
        if isInCDATA, waiting > limits.textBytes {
            throw fail(AtomError(.limit, "text", limit: limits.textBytes, at: place))
        } else if !isInCDATA, waiting > limits.markupBytes {
            throw fail(AtomError(.limit, "markup", limit: limits.markupBytes, at: place))
        }
    }

    /// Whether libxml2 waits for the end of a CDATA section.
    private var isInCDATA: Bool {
        context?.pointee.instate == XML_PARSER_CDATA_SECTION
    }

    /// Records what went wrong first, and returns it.
    @discardableResult
    private func fail(_ error: AtomError) -> AtomError {
        if let failure { return failure }
        failure = error
        return error
    }

    /// Where libxml2 is in the document.
    private var place: (line: Int, column: Int) {
        guard let input = context?.pointee.input else { return (0, 0) }
        return (Int(input.pointee.line), Int(input.pointee.col))
    }
}

/// What libxml2 found.
extension XMLPushReader {
    /// Does something with the builder; an error of it ends the document.
    private func build(_ step: (inout DocumentBuilder) throws(AtomError) -> Void) {
        guard failure == nil else { return }
        do {
            try step(&builder)
        } catch {
            stop(error)
        }
    }

    /// Ends the document because of an error.
    private func stop(_ error: AtomError) {
        fail(error.at(place))
        if let context { xmlStopParser(context) }
    }

    /// Takes the start of the document: what libxml2 read as its encoding is checked too.
    func startDocument() {
        guard failure == nil, let encoding, let declared = context?.pointee.encoding else { return }
        let name = String(cString: declared)
        if !encoding.allows(declared: name) { stop(AtomError(.encoding, name)) }
    }

    /// Takes a document type declaration, which is never allowed.
    func documentType() {
        guard failure == nil else { return }
        stop(AtomError(.doctype, ""))
    }

    /// Takes a start tag.
    func startElement(_ tag: SAXTag) {
        // A tag that waited for the end of the document has no end itself.
        if isEnding { return stop(AtomError(.truncated, "")) }
        build { (builder) throws(AtomError) in
            guard tag.attributeCount <= limits.attributes else {
                throw AtomError(.limit, "attributes", limit: limits.attributes)
            }
            let name = XMLName(namespaces.uri(tag.uri), String(cString: tag.localName))
            let attributes = try tag.attributes(&namespaces, maxBytes: limits.attributeBytes)
            try builder.start(name, attributes)
        }
    }

    /// Takes an end tag.
    func endElement() {
        build { (builder) throws(AtomError) in try builder.end() }
    }

    /// Takes text, or a piece of it.
    func characters(_ bytes: UnsafeBufferPointer<UInt8>) {
        build { (builder) throws(AtomError) in try builder.text(bytes) }
    }

    /// Takes a CDATA section, or a piece of it, in which libxml2 leaves line ends as they are.
    ///
    /// XML 1.0 § 2.11: CR LF and CR alone are LF. The byte before a piece is still in libxml2's
    /// buffer; there it is the CR of the piece before, or the `[` that begins the section.
    func cdata(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        let isContinued = context?.pointee.input?.pointee.base.map { $0 < start } ?? false
        var previous = isContinued ? start[-1] : 0
        let isPlain = !bytes.contains(0x0D) && !(bytes[0] == 0x0A && previous == 0x0D)
        if isPlain { return characters(bytes) }
        var normalised: [UInt8] = []
        normalised.reserveCapacity(bytes.count)
        for byte in bytes {
            if byte != 0x0A || previous != 0x0D { normalised.append(byte == 0x0D ? 0x0A : byte) }
            previous = byte
        }
        normalised.withUnsafeBufferPointer(characters)
    }

    /// Takes an error that libxml2 found.
    func syntaxError(_ error: xmlError) {
        // A warning, such as a namespace that is no absolute URI, is none of ours.
        guard failure == nil, error.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
        let place = (line: Int(error.line), column: Int(error.int2))
        let message = error.message.map { String(cString: $0) } ?? "unknown"
        let reason = message.prefix { $0 != "\n" }.prefix(200)
        if isEnding, !builder.isComplete, !Self.isFaultAnyway(error.code) {
            fail(AtomError(.truncated, "", at: place))
        } else if DetectedEncoding.isFault(error.code) {
            fail(AtomError(.encoding, String(reason), at: place))
        } else {
            fail(AtomError(.malformed, String(reason), at: place))
        }
    }

    /// Tells whether an error is one even if the document went on.
    ///
    /// libxml2 finds these only at the end in a tag for whose end it waited in vain.
    private static func isFaultAnyway(_ code: Int32) -> Bool {
        let faults = [XML_ERR_LT_IN_ATTRIBUTE, XML_ERR_UNDECLARED_ENTITY, XML_ERR_INVALID_CHARREF]
        return faults.contains { Int32($0.rawValue) == code }
    }
}
