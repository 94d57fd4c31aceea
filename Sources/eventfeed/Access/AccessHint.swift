import FeedReading
import Subscriptions

/// What a person can do about an error that is about who asks, or whom.
enum AccessHint {
    /// The options that help; nil where the error is about something else.
    static func hint(for error: any Error) -> String? {
        let user =
            "give --user NAME, with the password in --password-file, "
            + "\(Access.passwordVariable) or .netrc"
        let authority = "where the server's authority is your own, give --ca-file FILE"
        switch error {
        case let error as GaveUp: return hint(for: error.last)
        case let error as SourceError:
            if error.code == .unauthorised { return user }
            return error.code == .untrusted ? authority : nil
        case let error as RequestRefused: return [401, 403].contains(error.status) ? user : nil
        case let error as ExchangeError:
            guard case .untrusted = error.reason else { return nil }
            return authority
        default: return nil
        }
    }
}
