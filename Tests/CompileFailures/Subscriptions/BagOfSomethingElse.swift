import EventDispatch

// error: cannot convert value of type 'EventDispatcher' to expected element type 'EventSubscription'
private let bag: SubscriptionBag = [EventDispatcher()]
