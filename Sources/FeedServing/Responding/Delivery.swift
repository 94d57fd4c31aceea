import EventModel
import FeedPages
import HTTPTypes
import NIOCore

/// What a rendered document is found by in the cache; each names bytes that never change.
enum DocumentKey: Hashable, Sendable {
    /// A complete page.
    case page(PageRange, FeedForm)
    /// The head document while the head is this one.
    case head(EventNumber, FeedForm)
    /// The answer to a canonical query while the head is this one.
    case after(String, FeedForm, head: EventNumber)
    /// A value with its own address.
    case value(ValueKind, EventNumber)
    /// The service document.
    case service
    /// The category document.
    case categories
    /// A document of the Event Store product's interface, by what it is a function of.
    case eventStore(String)
}

/// A document in one of its codings.
struct CodedKey: Hashable, Sendable {
    var document: DocumentKey
    var isGzipped: Bool
}

/// How a document goes out: what does not depend on its bytes.
struct Delivery: Sendable {
    /// The value of `Cache-Control`.
    var policy: String
    /// The value of `Vary`.
    var vary: String
    /// The address of the fixed form, where the form was negotiated.
    var contentLocation: String?
    /// The value of `Preference-Applied`.
    var preferenceApplied: String?
}

extension FeedResponder {
    /// Answers with a document: in the coding that is wanted, or 304, or 412.
    ///
    /// - Parameters:
    ///   - key: What the document is kept under; nil if it is not worth keeping.
    ///   - delivery: How it goes out.
    ///   - request: The request.
    ///   - render: Makes the document without coding: with a key in its turn, without one at once.
    /// - Returns: 200, 304 or 412.
    /// - Throws: What `render` throws.
    func deliver(
        _ key: DocumentKey?,
        _ delivery: Delivery,
        for request: FeedRequest,
        render: () async throws -> RenderedDocument
    ) async throws -> FeedResponse {
        let wantsGzip = Negotiation.allowsGzip(acceptEncoding: request.fields.list(.acceptEncoding))
        let document: RenderedDocument
        if let key {
            let plainKey = CodedKey(document: key, isGzipped: false)
            if wantsGzip {
                document = try await cache.document(
                    for: CodedKey(document: key, isGzipped: true)
                ) {
                    let plain = try await cache.document(for: plainKey) {
                        try await renders.document(render)
                    }
                    return renders.counted(try Self.gzip(plain))
                }
            } else {
                document = try await cache.document(for: plainKey) {
                    try await renders.document(render)
                }
            }
        } else {
            let plain = renders.counted(try await render())
            document = wantsGzip ? renders.counted(try Self.gzip(plain)) : plain
        }
        return try Self.judge(document, delivery, request)
    }

    /// The document with gzip, or without where that saves nothing.
    private static func gzip(_ document: RenderedDocument) throws -> RenderedDocument {
        guard document.body.readableBytes >= Gzip.leastBytes, document.isText else {
            return document
        }
        return try document.gzipped()
    }

    /// Looks at the conditions of a request (RFC 9110 section 13.2.2).
    private static func judge(
        _ document: RenderedDocument,
        _ delivery: Delivery,
        _ request: FeedRequest
    ) throws -> FeedResponse {
        if let condition = request.fields.list(.ifMatch),
            EntityTagCondition(condition)?.namesStrongly(document.tag) != true
        {
            throw ProblemDetails(
                .preconditionFailed,
                "The entity tag is \(document.tag): leave If-Match out or send that one."
            )
        }
        var fields = HTTPFields()
        fields[.cacheControl] = delivery.policy
        fields[.eTag] = document.tag.description
        fields[.vary] = delivery.vary
        fields[.contentLocation] = delivery.contentLocation
        fields[.preferenceApplied] = delivery.preferenceApplied
        if let condition = request.fields.list(.ifNoneMatch),
            EntityTagCondition(condition)?.namesWeakly(document.tag) == true
        {
            return FeedResponse(304, fields: fields)
        }
        var response = FeedResponse(
            200,
            fields: HTTPFields(Array(document.fields) + Array(fields)),
            body: document.body
        )
        response.lease = document.lease
        return response
    }

    /// Chooses the form at an address that does not fix it.
    ///
    /// - Parameters:
    ///   - fixed: The form of the address, if it has one.
    ///   - request: The request.
    ///   - subject: What is asked for.
    /// - Returns: The form and the `Vary` that goes with the way it was chosen.
    /// - Throws: 406 with what there is.
    func form(_ fixed: FeedForm?, _ request: FeedRequest, _ subject: Negotiation.Subject) throws
        -> (form: FeedForm, vary: String)
    {
        if let fixed { return (fixed, Vary.fixed) }
        guard let form = Negotiation.form(accept: request.fields.list(.accept), for: subject)
        else {
            throw FieldedProblem(
                ProblemDetails(
                    .notAcceptable,
                    "There is no form that Accept allows: ask for one of those available.",
                    facts: ["available": .texts(subject.mediaTypes)]
                ),
                fields: [.vary: Vary.negotiated]
            )
        }
        return (form, Vary.negotiated)
    }
}
