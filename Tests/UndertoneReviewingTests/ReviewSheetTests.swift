// Review sheets as values.

import Testing
import UndertoneReviewing

@Suite struct ReviewSheetTests {
    @Test func `an item says why it is shown and how often it stands in the drop`() {
        let item = ReviewItem(.overrepresented, rank: 1, text: "owl", count: 3, share: 0.3)
        #expect(item.list.rawValue == "over-represented")
        #expect(item.count == 3 && item.referenceCount == nil)
    }
}
