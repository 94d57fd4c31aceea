import HTTPTypes

/// Answers that need no document.
enum WireAnswers {
    /// The type of an answer without a body that came from the store.
    static let plainText = "text/plain; charset=utf-8"

    /// A status and a sentence; of what was found out before the store was asked.
    static func refusal(_ refusal: WireRefusal) -> WireResponse {
        WireResponse(refusal.status, refusal.reason)
    }

    /// A status and a sentence; of what the store said.
    static func outcome(_ status: Int, _ reason: String) -> WireResponse {
        WireResponse(status, reason, fields: [.contentType: plainText])
    }

    /// Nothing is there.
    static let notFound = WireResponse(404, "Not Found")

    /// What may be done at an address.
    static func options(_ methods: [String]) -> WireResponse {
        WireResponse(200, "OK", fields: [.allow: methods.joined(separator: ", ")])
    }

    /// The address knows other methods; the field that names them is missing in the product
    /// (RFC 9110 section 15.5.6 demands it).
    static func wrongMethod(_ methods: [String]) -> WireResponse {
        WireResponse(
            405,
            "Method Not Allowed",
            fields: [.allow: methods.joined(separator: ", ")]
        )
    }

    /// The description document: the answer to whoever did not say that they want a feed.
    static func description(of stream: String, _ asked: CodecChoice.Asked) -> WireResponse {
        let (status, reason) =
            switch asked {
            case .nothing:
                (406, "We are unable to represent the stream in the format requested.")
            case .anything: (406, "Description Document")
            case .explicitly: (200, "Description Document")
            }
        return WireResponse(
            status,
            reason,
            fields: [.contentType: WireCodec.streamDescription.contentType],
            body: DescriptionDocument.render(stream)
        )
    }

    /// No codec fits.
    static let notAcceptable = WireRefusal(
        status: 406,
        reason: "Requested URI is not available in requested format"
    )

    /// The type of a body is none of those that are read here.
    static let unsupportedType = WireRefusal(
        status: 415,
        reason: "Invalid or missing Content-Type"
    )

    /// The caller may not do it, or has not said who they are.
    static let unauthorized = WireResponse(
        401,
        "Unauthorized",
        fields: [
            .contentType: plainText, .wwwAuthenticate: "BasicCustom realm=\"ES\"",
            .cacheControl: "no-store",
        ]
    )

    /// A login that is not right.
    static let wrongLogin = WireResponse(
        401,
        "Unauthorized",
        fields: [.wwwAuthenticate: "BasicCustom realm=\"ES\"", .cacheControl: "no-store"]
    )

    /// The client has what it would get.
    static let notModified = outcome(304, "Not Modified")

    /// A read that failed: of one event with an empty object where the answer would be JSON.
    static func failedRead(_ status: Int, _ reason: String, of codec: WireCodec?) -> WireResponse {
        var response = outcome(status, reason)
        if codec?.isJSON == true { response.body = Array("{}".utf8) }
        return response
    }

    /// A recorded append.
    static func created(_ location: String) -> WireResponse {
        WireResponse(
            201,
            "Created",
            fields: [.contentType: plainText, .location: location]
        )
    }

    /// Repeat the request at an address that has an id in it.
    static func forward(to location: String) -> WireResponse {
        WireResponse(
            307,
            "Temporary Redirect",
            fields: [.location: location, .contentType: plainText],
            body: Array("Forwarding to idempotent URI".utf8)
        )
    }

    /// The same address without its last slash; the odd type and the missing phrase are the
    /// product's.
    static func withoutSlash(_ location: String) -> WireResponse {
        WireResponse(
            307,
            "",
            fields: [
                .location: location, .cacheControl: "max-age=31536000, public",
                .contentType: "; charset=utf-8",
            ],
            body: Array("Moved Permanently".utf8)
        )
    }

    /// A document that may be cached.
    static func document(
        _ document: WireDocument,
        as codec: WireCodec,
        caching: String,
        tag: String?
    ) -> WireResponse {
        var fields: HTTPFields = [
            .contentType: codec.contentType, .cacheControl: caching, .vary: "Accept",
        ]
        if let tag { fields[.eTag] = "\"\(tag)\"" }
        var response = WireResponse(200, "OK", fields: fields, body: document.body)
        response.sendsHeldDocument = document.isHeld
        return response
    }
}
