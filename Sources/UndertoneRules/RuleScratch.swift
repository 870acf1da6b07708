// Memory that a thread needs to run rules; one for each thread, reused for every batch.

import UndertoneCore

/// Working memory of the rules, one for each thread.
public final class RuleScratch {
    @exclusivity(unchecked) var numbers = NumberListScratch()
    let text = TextScratch()
    @exclusivity(unchecked) var normal = NormalText()

    /// Empty working memory.
    public init() {}

    /// Gives back memory that an unusually long field needed.
    public func trim() { numbers.trim() }
}
