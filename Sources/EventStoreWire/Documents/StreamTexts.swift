/// A stream's name and address, escaped once for all entries that follow each other and need them.
///
/// The base of addresses is escaped too: it comes from headers of the request.
struct StreamTexts {
    /// How a text is escaped for the document.
    typealias Escaping = (String, inout [UInt8]) -> Void

    private let addresses: WireAddresses
    private let escapeName: Escaping
    private let escapeAddress: Escaping
    private var stream: String?
    /// The name, escaped.
    private(set) var name: [UInt8] = []
    /// The address, escaped.
    private(set) var address: [UInt8] = []

    init(
        _ addresses: WireAddresses,
        escapeName: @escaping Escaping,
        escapeAddress: @escaping Escaping
    ) {
        self.addresses = addresses
        self.escapeName = escapeName
        self.escapeAddress = escapeAddress
    }

    /// Makes ``name`` and ``address`` those of a stream.
    mutating func select(_ stream: String) {
        if let known = self.stream, haveSameBytes(known, stream) { return }
        self.stream = stream
        name.removeAll(keepingCapacity: true)
        address.removeAll(keepingCapacity: true)
        escapeName(stream, &name)
        escapeAddress(addresses.stream(stream), &address)
    }
}
