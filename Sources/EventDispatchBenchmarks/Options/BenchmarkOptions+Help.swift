extension BenchmarkOptions {
    static let help = """
        Measures what the dispatcher promises about speed and memory, each time beside a floor in the same run.

        usage: swift run -c release EventDispatchBenchmarks [options]

          --workload W1[,W2…]    what to measure, repeatable; everything but growth, bulk and pauses otherwise
          --subscriptions N[,N]  how many subscriptions W1 to W6, D3, D6, D7, D8, growth, bulk and pauses have, repeatable
          --large                W1 to W5 and D6 with 1,000,000 subscriptions too, growth, bulk and pauses
          --peers                the same work through this library, closures, NotificationCenter and AsyncStream
          --rule-seed N          what subscriptions are drawn from; \(defaultRuleSeed) otherwise
          --event-seed N         what events are drawn from; \(defaultEventSeed) otherwise
          --runs N               how many rounds a median is of; 9 otherwise
          --json                 an object a line instead of a table
          --help                 this text

        W1 equality, W2 conjunction, W3 range, W4 prefix, W5 all of these and negation, W6 five conditions and ten matches
        D1 one handler, fired in place (D1-await: by `await fire`), D2 a hundred, D3 one that matches of ten thousand, D4 one
        that is awaited (D4-main: from the main actor), D5a ten that are awaited, D5b the same with a suspension each, D6 adding
        and cancelling one, D7 two threads (D7-weak: beside weak handlers, D7-limit: with limits per key), D8 firing while another thread adds and cancels,
        D9 one handler with a trace (D9-await: by `await fire`); Q1 to Q9, or Q, beside
        many others: Q1 hasHandlers, Q2 cancelAll(ownedBy:), Q3 subscription(id:), Q4 using up a block's limit, Q5 a fire beside OnAny of
        other protocols, Q6 the limits of many blocks in one fire, Q7 subscribing beside OnAny, Q8 muting one subscription of many
        handlers, Q9 cancelling many in one fire; observers: the check for observers;
        growth: adding and removing handlers of ten kinds, among many and among a quarter of them; bulk: all in one `subscribe`;
        pauses: the longest registration of many

        The exit status is 1 when a checksum is wrong or a cost grows, 2 when an option is.
        """
}
