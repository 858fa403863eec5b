import EventDispatch

/// What a line of the server turned out to say.
///
/// An enumeration rather than `any MatchableEvent`, so that tests can compare it and a fire needs no existential.
public enum ServerEvent: Equatable, Sendable {
    /// A failed login.
    case loginFailed(LoginFailed)
    /// A login.
    case loginAccepted(LoginAccepted)
    /// A question for the methods.
    case methodsAsked(MethodsAsked)
    /// A user kept out by the configuration.
    case loginRefused(LoginRefused)
    /// A user that does not exist.
    case unknownUserNamed(UnknownUserNamed)
    /// A client that used up its attempts.
    case attemptsExhausted(AttemptsExhausted)
    /// The end of a connection.
    case disconnected(Disconnected)
    /// A name that contradicts its address.
    case breakInSuspected(BreakInSuspected)
    /// A client that never came as far as logging in.
    case handshakeFailed(HandshakeFailed)
    /// Failures that the authentication modules counted.
    case pamFailed(PAMFailed)
    /// The beginning of a session.
    case sessionOpened(SessionOpened)
    /// The end of a session.
    case sessionClosed(SessionClosed)
    /// A server that started.
    case serverListening(ServerListening)

    /// Fires the event at a dispatcher.
    public func fire(at dispatcher: EventDispatcher) throws {
        switch self {
        case .loginFailed(let event): try dispatcher.fireSynchronously(event)
        case .loginAccepted(let event): try dispatcher.fireSynchronously(event)
        case .methodsAsked(let event): try dispatcher.fireSynchronously(event)
        case .loginRefused(let event): try dispatcher.fireSynchronously(event)
        case .unknownUserNamed(let event): try dispatcher.fireSynchronously(event)
        case .attemptsExhausted(let event): try dispatcher.fireSynchronously(event)
        case .disconnected(let event): try dispatcher.fireSynchronously(event)
        case .breakInSuspected(let event): try dispatcher.fireSynchronously(event)
        case .handshakeFailed(let event): try dispatcher.fireSynchronously(event)
        case .pamFailed(let event): try dispatcher.fireSynchronously(event)
        case .sessionOpened(let event): try dispatcher.fireSynchronously(event)
        case .sessionClosed(let event): try dispatcher.fireSynchronously(event)
        case .serverListening(let event): try dispatcher.fireSynchronously(event)
        }
    }
}
