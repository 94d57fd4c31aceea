import ArgumentParser
import EventModel

/// An epoch on the command line: a UUID in either case.
struct EpochArgument: ExpressibleByArgument {
    let epoch: Epoch

    init?(argument: String) {
        guard let epoch = Epoch(argument) else { return nil }
        self.epoch = epoch
    }
}
