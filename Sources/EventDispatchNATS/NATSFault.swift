#if NATS
    import CNATS
    import EventDispatchStore

    /// Makes errors of the results of libnats: what is wrong, in which call, and whether to try again.
    enum NATSFault {
        /// Throws an error unless a call went well.
        ///
        /// - Parameters:
        ///   - status: the call's result.
        ///   - code: the server's number, for calls that have one.
        ///   - what: what the call was to do, after "can't".
        static func check(
            _ status: natsStatus,
            _ code: jsErrCode,
            _ what: @autoclosure () -> String
        ) throws(EventStoreError) {
            guard status != NATS_OK else { return }
            throw error(status, code, what(), detail: lastDetail)
        }

        /// Throws an error unless a call went well that the library makes without asking JetStream.
        static func check(_ status: natsStatus, _ what: @autoclosure () -> String) throws(EventStoreError) {
            try check(status, jsErrCode(rawValue: 0), what())
        }

        /// What the library says of the last call of this thread; empty for nothing.
        private static var lastDetail: String {
            var status = NATS_OK
            return nats_GetLastError(&status).map { String(cString: $0) } ?? ""
        }

        /// The error for a result that isn't a success.
        static func error(
            _ status: natsStatus,
            _ code: jsErrCode,
            _ what: String,
            detail: String
        ) -> EventStoreError {
            let text = natsStatus_GetText(status).map { String(cString: $0) } ?? "status \(status.rawValue)"
            let message = "can't \(what): \(text)\(detail.isEmpty || detail == text ? "" : " (\(detail))")"
            let kind = kind(of: code) ?? kind(of: status)
            return EventStoreError(kind.code, message, isTransient: kind.isTransient)
        }

        private typealias Kind = (code: EventStoreError.Code, isTransient: Bool)

        private static func kind(of code: jsErrCode) -> Kind? {
            switch code {
            case jsErrCode(rawValue: 0): nil
            case JSStreamNotFoundErr: (.streamGone, false)
            case JSStreamMessageExceedsMaximumErr: (.tooLarge, false)
            case JSStreamStoreFailedErr, JSInsufficientResourcesErr, JSStorageResourcesExceededErr,
                JSMemoryResourcesExceededErr, JSAccountResourcesExceededErr:
                (.full, true)
            case JSClusterNotAvailErr, JSClusterNotLeaderErr, JSClusterIncompleteErr, JSClusterNoPeersErr:
                (.unavailable, true)
            case JSStreamNameExistErr, JSStreamSubjectOverlapErr: (.otherConfiguration, false)
            case JSNotEnabledErr, JSNotEnabledForAccountErr: (.notPermitted, false)
            case JSStreamWrongLastSequenceErr: (.leaseLost, false)
            case JSStreamWrongLastMsgIDErr: (.interleaved, true)
            default: nil
            }
        }

        private static func kind(of status: natsStatus) -> Kind {
            switch status {
            case NATS_TIMEOUT, NATS_NO_SERVER, NATS_STALE_CONNECTION, NATS_CONNECTION_DISCONNECTED, NATS_NO_RESPONDERS,
                NATS_INSUFFICIENT_BUFFER, NATS_SLOW_CONSUMER, NATS_NOT_YET_CONNECTED, NATS_IO_ERROR,
                NATS_MISSED_HEARTBEAT:
                (.unavailable, true)
            case NATS_CONNECTION_AUTH_FAILED, NATS_NOT_PERMITTED, NATS_SECURE_CONNECTION_WANTED,
                NATS_SECURE_CONNECTION_REQUIRED, NATS_SSL_ERROR:
                (.notPermitted, false)
            case NATS_MAX_PAYLOAD: (.tooLarge, false)
            default: (.unavailable, false)
            }
        }
    }

    extension EventStoreError.Code {
        /// Somebody else has published between two events that were to stand behind each other.
        static let interleaved = Self("interleaved")
    }
#endif
