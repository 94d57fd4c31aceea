import AccessControl
import EventModel
import FeedPages
import FeedReading
import NIOCore
import SQLiteStorage
import Subscriptions

extension ExitStatus {
    /// What an error means to a script: the one place where that is decided.
    init(for error: any Error) {
        switch error {
        case let error as CommandError: self = error.status
        case is InvalidName, is InvalidCreation, is InvalidUser: self = .usage
        case is UserRefusal: self = .dataError
        case is PasswordHasher.Busy: self = .unavailable
        case is InvalidAppend, is LimitExceeded, is DuplicateEvent, is PartlyRecorded,
            is StreamDeleted:
            self = .dataError
        case is VersionConflict: self = .temporary
        case let error as RequestRefused: self.init(forStatus: error.status)
        case is InvalidSubmission: self = .dataError
        case let error as EventStoreError: self.init(forStore: error.code)
        case is AfterHead: self = .unavailable
        case let error as SourceError: self.init(forSource: error.code)
        case is Mistrust: self = .protocolError
        case let error as GaveUp: self.init(forSource: error.last.code)
        case let error as CheckpointStoreError: self.init(forCheckpoint: error.code)
        case is IOError: self = .io
        case is ApplyError, is HandlerError, is CrashLoop: self = .software
        case is InvalidProjection, is InvalidCertificates: self = .dataError
        case is DeliveryPostponed, is NotApplied: self = .temporary
        case let error as ExchangeError: self.init(forExchange: error.reason)
        default: self = .software
        }
    }

    private init(forStatus status: Int) {
        switch status {
        case 401, 403: self = .permission
        // Something is there, and it is no event server.
        case 404, 405: self = .protocolError
        case 400..<500: self = .dataError
        default: self = .unavailable
        }
    }

    private init(forStore code: EventStoreError.Code) {
        switch code {
        case .storageFull, .io: self = .io
        case .unavailable, .closed: self = .unavailable
        case .readOnly: self = .permission
        case .inUse: self = .temporary
        case .unsupportedSchema: self = .dataError
        case .unsupported: self = .usage
        default: self = .software
        }
    }

    private init(forSource code: SourceError.Code) {
        switch code {
        case .unusableAddress: self = .usage
        case .unauthorised: self = .permission
        default:
            switch code.kind {
            case .transient, .lagging: self = .unavailable
            case .malformed, .fatal: self = .protocolError
            }
        }
    }

    private init(forCheckpoint code: CheckpointStoreError.Code) {
        switch code {
        case .inUse, .busy, .conflict: self = .temporary
        case .filterChanged, .modelChanged, .invalidModels: self = .usage
        case .parkFull: self = .parked
        case .unsupportedSchema, .notADatabase, .setupFailed: self = .dataError
        case .missing: self = .noInput
        case .storageFull, .io: self = .io
        default: self = .software
        }
    }

    private init(forExchange reason: ExchangeError.Reason) {
        switch reason {
        case .connection, .deadline: self = .unavailable
        case .address: self = .usage
        default: self = .protocolError
        }
    }
}
