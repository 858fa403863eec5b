/// Stands, in the compiler's message for a filter that does not compile, for a name that is no match key of the event.
public enum UndeclaredMatchKey<Event: MatchableEvent> {}
