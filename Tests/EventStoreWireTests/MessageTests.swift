import EventStoreWire
import Testing

struct MessageTests {
    @Test func `a response keeps the reason phrase that it was given`() {
        #expect(
            WireResponse(400, "Wrong expected EventNumber").reason == "Wrong expected EventNumber"
        )
    }
}
