/// Nanoseconds an event, of the subject and of its floor, round by round.
struct Timing {
    private(set) var subject: [Double] = []
    private(set) var floor: [Double] = []

    mutating func add(subject: Duration, floor: Duration, events: Int) {
        self.subject.append(subject.nanoseconds / Double(events))
        self.floor.append(floor.nanoseconds / Double(events))
    }
}
