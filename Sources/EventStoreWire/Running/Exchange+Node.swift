import AccessControl
import EventModel
import HTTPTypes

/// What the node says of itself, and who its users are.
extension Exchange {
    /// Answers what is about no stream.
    func node(_ route: WireRoute, _ codec: WireCodec) async throws -> WireResponse {
        switch route {
        case .ping:
            return Self.document(NodeDocuments.ping(as: codec.node), codec)
        case .info:
            return Self.document(NodeDocuments.info(as: codec.node), codec)
        case .options:
            try await demand(.node)
            return Self.document(NodeDocuments.options(), codec)
        case .statistics(let path):
            return await statistics(path)
        case .live:
            return live()
        case .web:
            return WireResponse(
                302,
                "Found",
                fields: [
                    .location: addresses.base + "/web/index.html",
                    .contentType: WireAnswers.plainText,
                ]
            )
        case .webPage:
            var response = Self.document(NodeDocuments.webPage(), .html)
            response.fields[.cacheControl] = "no-cache"
            return response
        default:
            return WireAnswers.notFound
        }
    }

    private static func document(_ body: [UInt8], _ codec: WireCodec) -> WireResponse {
        WireResponse(200, "OK", fields: [.contentType: codec.contentType], body: body)
    }

    private func statistics(_ path: [String]) async -> WireResponse {
        let figures = await interface.settings.statistics()
        guard let chosen = StatisticsDocument.group(path, in: figures) else {
            return WireAnswers.outcome(404, "Not Found")
        }
        let isFlat = PercentText.value(of: "group", in: request.query)?.lowercased() == "false"
        var response = Self.document(
            isFlat ? StatisticsDocument.flat(chosen) : StatisticsDocument.nested(chosen),
            .json
        )
        response.fields[.cacheControl] = "max-age=1, public"
        return response
    }

    /// That the process serves; `liveCode` chooses the status of that.
    private func live() -> WireResponse {
        let asked = PercentText.value(of: "livecode", in: request.query).flatMap { Int($0) }
        let status = asked.flatMap { (200...299).contains($0) ? $0 : nil } ?? 204
        let reason = HTTPResponse.Status(code: status).reasonPhrase
        return WireResponse(status, reason)
    }

    /// Refuses changes that a page of another site sends: a browser adds by itself the login that
    /// somebody gave at this one (Fetch standard, section 3.1; Fetch metadata, section 2.4).
    private func refuseOtherSites() throws {
        guard !["GET", "HEAD"].contains(request.method) else { return }
        let site = request.fields.first(WireField.fetchSite) ?? "none"
        let origin = request.fields[.origin]
        guard ["same-origin", "none"].contains(site), origin == nil || origin == addresses.base
        else { throw WireRefusal(status: 403, reason: "Forbidden to pages of other sites") }
    }

    /// Answers `/users` and below.
    func answerUsers() async throws -> WireResponse {
        guard let access = interface.access else { return WireAnswers.notFound }
        try refuseOtherSites()
        let hasBody = ["POST", "PUT"].contains(request.method)
        let response = try await UsersInterface(hasher: access.authenticator.hasher).respond(
            to: WireRequest(
                request.method,
                request.path,
                query: request.query,
                fields: request.fields,
                origin: addresses.base
            ),
            body: hasBody ? try await body(limit: UsersInterface.bodyBytes) : [],
            caller: caller,
            directory: access.authenticator.directory
        )
        guard var response else { return WireAnswers.notFound }
        // Nothing about users may be kept anywhere.
        response.fields[.cacheControl] = "no-store"
        return response
    }
}
