import HTTPTypes

/// The fields by which pages of other origins may use the interface (the Fetch standard, section
/// 3.2), as the product sends them with every answer.
enum CrossOrigin {
    private static let headers = """
        Content-Type, X-Requested-With, X-Forwarded-Host, X-Forwarded-Prefix, X-PINGOTHER, \
        Authorization, ES-LongPoll, ES-ExpectedVersion, ES-EventId, ES-EventType, \
        ES-RequiresMaster, ES-HardDelete, ES-ResolveLinkTos
        """

    /// Headers that newer clients send, which the product of that time did not name.
    private static let newerHeaders = """
        ES-RequireMaster, ES-RequireLeader, If-None-Match, Kurrent-LongPoll, \
        Kurrent-ExpectedVersion, Kurrent-EventId, Kurrent-EventType, Kurrent-RequireLeader, \
        Kurrent-HardDelete, Kurrent-ResolveLinkTos
        """

    /// Adds the fields to an answer.
    ///
    /// - Parameters:
    ///   - response: The answer.
    ///   - methods: The methods of the address.
    ///   - isPreflight: Whether a browser asks what it may do, for which alone headers are named.
    static func add(to response: inout WireResponse, methods: [String], isPreflight: Bool) {
        response.fields[WireField.allowedMethods] = methods.joined(separator: ", ")
        response.fields[WireField.allowedHeaders] =
            isPreflight ? "\(headers), \(newerHeaders)" : headers
        response.fields[WireField.allowedOrigin] = "*"
        response.fields[WireField.exposedHeaders] = "Location, ES-Position, ES-CurrentVersion"
    }
}
