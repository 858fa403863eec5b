import EventDispatch

private struct Started: MatchableEvent {}

private struct Asked: MatchableEvent {
    typealias Reply = Int
}

private protocol Audited: MatchableEvent {}

private struct SignedIn: Audited {}

private func fire(
    _ event: any MatchableEvent,
    _ audited: any Audited,
    on dispatcher: EventDispatcher
) async throws -> Int {
    try await dispatcher.fire(event)
    try await dispatcher.fire(event, detail: .all)
    try await dispatcher.fire(audited)
    let report = try await dispatcher.fire(event)
    let reporting = await succeeded { () async throws(DispatchError) in try await dispatcher.fireReporting(event) }
    let reports: [any AnyDispatchReport] = [report, try await dispatcher.fireReporting(audited, detail: .all)]
    for event in [Started(), Asked(), SignedIn()] as [any MatchableEvent] { try await dispatcher.fire(event) }
    return reports.map(\.matched).reduce(reporting, +)
}

private func succeeded(_ fire: () async throws(DispatchError) -> any AnyDispatchReport) async -> Int {
    do { return try await fire().succeeded } catch { return error.code == .stopped ? 0 : -1 }
}

private func fireInPlace(_ event: any MatchableEvent, on dispatcher: EventDispatcher) throws -> [HandlerOutcome] {
    try dispatcher.fireSynchronously(event)
    let report: any AnyDispatchReport = try dispatcher.fireSynchronously(event, detail: .all)
    return report.outcomes
}

@MainActor private func fireOnMainActor(_ event: any MatchableEvent, on dispatcher: EventDispatcher) async throws {
    try dispatcher.fireSynchronously(event)
    try await dispatcher.fire(event)
}

/// Where the compiler knows the type, the report has it.
private func replies(on dispatcher: EventDispatcher) async throws -> [Int] {
    let reporting = try await dispatcher.fireReporting(Asked())
    let synchronous = try dispatcher.fireSynchronously(Asked())
    let typed: DispatchReport<Asked> = try await dispatcher.fire(Asked())
    return try await dispatcher.fire(Asked()).replies + reporting.replies + synchronous.replies + typed.replies
}

private func generic<Event: MatchableEvent>(
    _ event: Event,
    on dispatcher: EventDispatcher
) async throws -> [Event.Reply] {
    try await dispatcher.fire(event).replies
}

private func opaque(_ event: some MatchableEvent, on dispatcher: EventDispatcher) async throws -> Int {
    try await dispatcher.fire(event).matched
}
