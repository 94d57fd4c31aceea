public import EventModel
extension FeedClient { public func identity() async throws -> StoreIdentity { fatalError() } }
