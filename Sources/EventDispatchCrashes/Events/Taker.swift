#if SQLite
    import EventDispatch
    import EventDispatchStore

    /// The durable subscriptions: which events they take, in which order, and what is promised of them.
    enum Taker: String, CaseIterable, Sendable {
        case ordered, customers, crowd, flaky, north

        var order: DeliveryOrder {
            switch self {
            case .ordered, .north: .inOrder
            case .customers: .inOrder(per: \Parcel.customer, atOnce: atOnce)
            case .flaky: .inOrder(per: \Parcel.region, atOnce: atOnce)
            case .crowd: .concurrent(atOnce)
            }
        }

        /// How many deliveries go on at a time at most: as many may be under way when a process ends.
        var atOnce: Int {
            switch self {
            case .ordered, .north: 1
            case .flaky: 3
            case .customers: 6
            case .crowd: 8
            }
        }

        /// How often an event is tried.
        var attempts: Int {
            switch self {
            case .flaky: 3
            case .ordered, .north: 4
            case .customers: 5
            case .crowd: 6
            }
        }

        var retry: RetryPolicy {
            switch self {
            case .flaky: .exponential(from: .milliseconds(1), attempts: attempts)
            case .north: .constant(.milliseconds(2), attempts: attempts)
            case .ordered, .customers, .crowd: .immediate(attempts: attempts)
            }
        }

        /// Which of its events are delivered one after the other: those with equal lanes; nil where there is no order.
        func lane(of parcel: Parcel) -> String? {
            switch self {
            case .ordered, .north: ""
            case .customers: "\(parcel.customer)"
            case .flaky: parcel.region
            case .crowd: nil
            }
        }

        func takes(_ parcel: Parcel) -> Bool { self != .north || (parcel.region == "north" && parcel.weight < 50) }

        /// Whether the handler fails.
        func fails(_ id: String, attempt: Int) -> Bool {
            let chance = Parcel.chance(id, 100 + UInt64(attempt))
            return switch self {
            case .flaky: chance % 3 == 0
            case .north: chance >> 8 % 10 == 0
            case .ordered, .customers, .crowd: false
            }
        }
    }
#endif
