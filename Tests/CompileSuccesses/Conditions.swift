import EventDispatch

final class Session: Sendable {}

struct Request: MatchableEvent {
    enum Method: Sendable, Comparable { case get, post }
    let method: Method
    let path: String
    let status: Int
    let seconds: Double
    let user: String?
    let tags: Set<String>
    let session: Session
    let proxy: Session?

    struct MatchKeys: MatchKeySet {
        let method = Key(\.method)
        let path = Key(\.path)
        let status = Key(\.status)
        let seconds = Key(\.seconds)
        let user = Key(\.user)
        let tags = Key(\.tags)
        let session = Key(\.session)
        let proxy = Key(\.proxy)
        let length = Key(\.path.count)
    }
}

let isError: Filter<Request> = \.status >= 500
let isSlow = Filter<Request>(\.seconds, atLeast: 2)

private func register(_ session: Session, _ known: [Int], on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(Request.self) {
            Where(\.method == .get)
            Where(\.method != .post)
            Where(\.method < .post)
            Where(\.method, in: [.get, .post])
            Where(\.status == 200)
            Where(\.status, in: 200..<300)
            Where(\.status, in: 200...)
            Where(\.status, in: known)
            Where(\.status, in: Set(known))
            Where(\.seconds > 1)
            Where(\.seconds <= 1.5)
            Where(\.path >= "/a")
            Where(\.path, hasPrefix: "/api")
            Where(\.path, matches: "a.*.**")
            Where(\.user == nil)
            Where(\.user != "root")
            Where(\.user, .exists)
            Where(\.user, hasSuffix: "x")
            Where(\.tags, contains: "beta")
            Where(\.session === session)
            Where(\.proxy === session)
            Where(\.length > 3)
            Where(not: \.status == 404)
            Where(!(\.status == 404) && \.seconds < 3 || \.user == "x")
            Where(isError && isSlow)
            Where(satisfying: { request in request.path.isEmpty })
            Where { request in request.path.count < 3 }
            AnyOf {
                Where(\.status == 1)
                Rule {
                    Where(\.status == 2)
                    Where(\.method == .get)
                }
            }
            if known.isEmpty { Where(\.status == 3) }
            for status in known { Rule { Where(\.status == status) } }
            Rule { Handle { request in print(request.path) } }.limit(3)
        }
    }
}
