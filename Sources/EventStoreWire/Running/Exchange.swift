import AccessControl
import EventModel
import HTTPTypes

/// One request on its way to its answer.
struct Exchange {
    let interface: EventStoreInterface
    let request: WireRequest
    let caller: Caller
    let addresses: WireAddresses
    let connection: any WireConnection

    var store: any EventStore { interface.store }
    var headers: WireHeaders { WireHeaders(request.fields) }

    /// Answers a request whose address is known.
    func answer(_ route: WireRoute) async throws -> WireResponse {
        let method = request.method == "HEAD" ? "GET" : request.method
        guard route.methods.contains(method) else { return WireAnswers.wrongMethod(route.methods) }
        if case .users = route { return try await answerUsers() }
        if case .withoutSlash(let segments) = route { return redirect(segments) }
        let offered = route.offered(method: method)
        guard !offered.isEmpty else { return try await node(route, .json) }
        let choice = CodecChoice.of(
            format: PercentText.value(of: "format", in: request.query),
            accept: request.fields.joined(.accept),
            from: offered
        )
        switch choice {
        case .nothingFits: throw WireAnswers.notAcceptable
        case .unknownFormat: throw WireRefusal(status: 500, reason: "Internal Server Error")
        case .codec(let codec, let asked):
            switch method {
            case "POST": return try await append(route)
            case "DELETE": return try await delete(route)
            default: return try await read(route, codec, asked)
            }
        }
    }

    private func read(_ route: WireRoute, _ codec: WireCodec, _ asked: CodecChoice.Asked)
        async throws -> WireResponse
    {
        switch route {
        case .stream(let name):
            return try await page(name, nil, codec, asked)
        case .page(let name, let page):
            return try await self.page(name, page, codec, asked)
        case .metadataPage(let name, let page):
            let stream = try Self.metadataStream(of: name)
            return try await self.page(stream.text, page, codec, asked)
        case .event(let name, let number):
            return try await entry(try StreamName(name), number, codec)
        case .metadata(let name):
            return try await metadata(name, "head", codec)
        case .metadataEvent(let name, let number):
            return try await metadata(name, number, codec)
        case .incoming(let name, let id):
            // Read, its address is that of a page, whose number is none.
            let page = WireRoute.PageAddress(from: "incoming", count: id, isForward: false)
            return try await self.page(name, page, codec, asked)
        case .all:
            return try await all(nil, codec)
        case .allPage(let page):
            return try await all(page, codec)
        case .filtered(let page):
            return try await filtered(page, codec)
        case .withoutSlash, .ping, .info, .options, .statistics, .users, .web, .webPage, .live:
            return try await node(route, codec)
        }
    }

    private func redirect(_ segments: [String]) -> WireResponse {
        // `$all` keeps its `$`: clients compare the address as text.
        let name =
            segments[1] == "$all"
            ? addresses.base + "/streams/$all"
            : addresses.stream(segments[1])
        return WireAnswers.withoutSlash(segments.count == 3 ? name + "/metadata" : name)
    }

    /// The stream whose events speak of a stream.
    static func metadataStream(of name: String) throws -> StreamName {
        let stream = try StreamName(name)
        guard let metadata = stream.metadataStream else {
            // Of a metadata stream nothing can be said, so there is nothing to read.
            guard stream.isMetadataStream else {
                throw WireRefusal.invalid("The stream's name is too long to have metadata.")
            }
            throw WireRefusal(status: 404, reason: "Not Found")
        }
        return metadata
    }

    /// Demands a right.
    ///
    /// - Returns: Whether everybody has it.
    /// - Throws: ``Unauthorized``.
    @discardableResult
    func demand(_ resource: ProtectedResource) async throws -> Bool {
        guard let access = interface.access else {
            // What nobody may do, nobody may do here either.
            let decision = AccessPolicy(isOn: false).decide(caller, resource)
            guard decision.isAllowed else { throw Unauthorized() }
            return true
        }
        let decision = try await access.decide(caller, resource)
        guard decision.isAllowed else { throw Unauthorized() }
        return decision.isPublic
    }

    /// Demands a right once more after a wait: who was allowed when it began may not be any more.
    ///
    /// - Returns: Whether everybody has it.
    /// - Throws: ``Unauthorized``.
    func demandAgain(_ resource: ProtectedResource) async throws -> Bool {
        guard try await interface.caller(of: request) == caller else { throw Unauthorized() }
        return try await demand(resource)
    }

    /// What is put into entries, and whether links are followed.
    func form(_ codec: WireCodec) throws -> PageForm {
        PageForm(
            codec: codec,
            embed: EmbedMode(query: PercentText.value(of: "embed", in: request.query)),
            resolvesLinks: try headers.resolvesLinks(byDefault: true)
        )
    }
}
