extension Collection {
    /// The elements in memory of their own, for what leaves a locked section.
    ///
    /// A plain copy of an array shares its memory, which is written again under the lock as soon as reference counts say that the
    /// copy is gone. That is no race, but the thread sanitizer does not see reference counts and reports one; and a change that comes
    /// sooner would have to copy all elements, in the section.
    package var unshared: [Element] { map { $0 } }
}
