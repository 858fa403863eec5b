/// Collects what a writer takes out of tables, to be retired when it has let go of its lock.
final class Garbage {
    private(set) var items: [Retired] = []

    func append(_ item: Retired) { items.append(item) }
}
