import EventDispatch

/// How many bytes of a dispatcher's memory are tables for matching; nil while a dispatcher can't tell.
func tableBytes(of dispatcher: EventDispatcher) -> Int? { nil }
