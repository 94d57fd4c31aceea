package import FoundationEssentials
package import HTTPTypes

/// Asks and answers over HTTP as a polite client does: whole answers within a deadline, redirects
/// followed with care, gzip inflated up to a limit.
package struct WebConversation: Sendable {
    /// One question.
    package struct Question: Sendable {
        package var method: HTTPRequest.Method = .get
        package var address: URL
        package var fields = HTTPFields()
        package var body: [UInt8]?
        /// Bytes of a successful answer's body, inflated.
        package var bodyLimit: Int
        /// Decides, where a successful answer's body is longer than ``bodyLimit``, by that many of
        /// its first bytes, inflated, how long it may be; nil where that limit is the last word.
        package var largerLimit: (@Sendable (_ beginning: [UInt8]) throws -> Int)?
        /// Bytes of any other answer's body.
        package var problemLimit = 64 << 10
        /// Whether redirects are followed; otherwise they are answers like any other.
        package var followsRedirects = true
        /// Whether redirects to another origin are refused.
        package var staysAtOrigin = false
        /// How long the whole answer may take, redirects included.
        package var deadline: Duration

        package init(_ address: URL, bodyLimit: Int, deadline: Duration) {
            self.address = address
            self.bodyLimit = bodyLimit
            self.deadline = deadline
        }
    }

    private let transport: any HTTPTransport
    private let userAgent: String

    /// Prepares a conversation.
    package init(over transport: any HTTPTransport) {
        self.transport = transport
        userAgent = ProductVersion.userAgent
    }

    /// Asks, and follows redirects to the answer.
    ///
    /// - Parameter question: What to ask.
    /// - Returns: The first answer that is no redirect, its body inflated.
    /// - Throws: ``ExchangeError``; what ``Question/largerLimit`` throws; `CancellationError`.
    package func ask(_ question: Question) async throws -> HTTPExchangeAnswer {
        // Nothing must leave on behalf of a task that was cancelled before.
        try Task.checkCancellation()
        let address = question.address.withoutUserAndFragment
        do {
            return try await withDeadline(question.deadline) {
                try await follow(question, from: address)
            }
        } catch let error as DeadlineExceeded {
            throw ExchangeError(.deadline(error.limit), address: address.absoluteString)
        }
    }

    private func follow(_ question: Question, from address: URL) async throws -> HTTPExchangeAnswer
    {
        var walk = RedirectWalk(from: address, staysAtOrigin: question.staysAtOrigin)
        while true {
            let answer = try await transport.send(request(question, at: walk.address))
            guard question.followsRedirects,
                RedirectWalk.isRedirect(answer.status, method: question.method)
            else {
                return try inflated(answer, question)
            }
            try walk.follow(answer.fields[.location])
        }
    }

    private func request(_ question: Question, at address: URL) -> HTTPExchangeRequest {
        var fields = HTTPFields()
        fields[.userAgent] = userAgent
        fields[.acceptEncoding] = "gzip"
        for field in question.fields { fields.append(field) }
        var request = HTTPExchangeRequest(
            method: question.method,
            address: address,
            fields: fields,
            body: question.body,
            bodyLimit: Self.travelling(question.bodyLimit)
        )
        request.problemLimit = question.problemLimit
        if let larger = question.largerLimit {
            request.largerLimit = { (answer: HTTPExchangeAnswer) throws -> Int in
                let beginning = Self.beginning(of: answer, limit: question.bodyLimit)
                return Self.travelling(try larger(beginning))
            }
        }
        return request
    }

    /// Bytes as which so many bytes may travel: what cannot be compressed grows by some in every
    /// 16 KiB.
    private static func travelling(_ bytes: Int) -> Int { bytes + bytes / 1_024 + 1_024 }

    /// The beginning of an answer's body as it was before compression.
    private static func beginning(of answer: HTTPExchangeAnswer, limit: Int) -> [UInt8] {
        answer.isGzipped
            ? GzipInflater.beginning(of: answer.body, limit: limit)
            : Array(answer.body.prefix(limit))
    }

    /// The answer with its body as it was before compression.
    private func inflated(_ answer: HTTPExchangeAnswer, _ question: Question) throws
        -> HTTPExchangeAnswer
    {
        let isSuccess = answer.statusClass == 2
        let limit = isSuccess ? question.bodyLimit : question.problemLimit
        guard isSuccess, let largerLimit = question.largerLimit else {
            return try Self.inflated(answer, limit: limit)
        }
        let beginning = Self.beginning(of: answer, limit: limit + 1)
        guard beginning.count > limit else { return try Self.inflated(answer, limit: limit) }
        return try Self.inflated(
            answer,
            limit: max(limit, try largerLimit(Array(beginning.prefix(limit))))
        )
    }

    private static func inflated(_ answer: HTTPExchangeAnswer, limit: Int) throws(ExchangeError)
        -> HTTPExchangeAnswer
    {
        let address = answer.address.absoluteString
        var answer = answer
        switch answer.coding {
        case "", "identity":
            break
        case "gzip", "x-gzip":
            // An answer without a body (304, HEAD) may still say how its body would be coded.
            guard !answer.body.isEmpty else { break }
            answer.body = try inflate(answer, limit: limit)
        case let coding:
            throw ExchangeError(.coding(excerpt(coding)), address: address)
        }
        guard answer.statusClass != 2 || answer.body.count <= limit else {
            throw ExchangeError(.tooLarge(limit: limit), address: address)
        }
        return answer
    }

    private static func inflate(_ answer: HTTPExchangeAnswer, limit: Int) throws(ExchangeError)
        -> [UInt8]
    {
        let address = answer.address.absoluteString
        do throws(GzipInflater.Failure) {
            return try GzipInflater.inflate(answer.body, limit: limit)
        } catch {
            // The body of an error is only explained, so that a broken one is no other error.
            guard answer.statusClass == 2 else { return [] }
            switch error {
            case .tooLarge:
                throw ExchangeError(.tooLargeInflated(limit: limit), address: address)
            case .truncated:
                throw ExchangeError(.compression("it is cut off"), address: address)
            case .damaged:
                throw ExchangeError(.compression("it is no gzip"), address: address)
            }
        }
    }

}

extension HTTPExchangeAnswer {
    /// The coding of the body, in lower case.
    fileprivate var coding: String { (fields[.contentEncoding] ?? "").trimmed.lowercased() }

    fileprivate var isGzipped: Bool { coding == "gzip" || coding == "x-gzip" }
}

/// The software that speaks here.
package enum ProductVersion {
    /// The version of this package.
    package static let number = "0.1.0"
    /// What requests say of themselves in `User-Agent` (RFC 9110 section 10.1.5).
    package static let userAgent = "eventfeed/\(number)"
}
