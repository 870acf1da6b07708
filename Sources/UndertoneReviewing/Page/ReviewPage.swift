// The page of a review: what stands there before the script has asked for the sheet.

import UndertoneReporting

private func page(_ version: String) -> Page {
    Page(
        title: "Review", version: version, style: reviewPageStyle, script: reviewPageScript, asksItsServer: true)
}

/// The policy of the page, for the server's header.
let reviewPagePolicy = page("").policy

/// The page, the same for every review: what comes from a drop is fetched by its script.
func reviewPage(version: String) -> String {
    var text = ""
    page(version).write(to: &text) { $0.write(reviewBody) }
    return text
}

private let reviewBody = #"""
    <header>
    <div><h1>Review</h1><p class="summary" id="sources">Asking for what is to be reviewed …</p></div>
    <div class="progress"><p><b id="decided">–</b> <span id="tally"></span></p>
    <div class="track" aria-hidden="true"><i id="done"></i></div></div>
    </header>
    <noscript><p class="box warn">This page needs its script to ask for what is to be reviewed. Without one, leave out
    --page and review in the terminal.</p></noscript>
    <p class="box bad" id="alarm" role="alert" hidden="hidden"></p>
    <p class="box" id="empty" hidden="hidden">Nothing to review: the lists are empty. The review can be finished.</p>
    <div class="desk" id="desk" hidden="hidden">
    <nav aria-label="Lists"><div id="lists"></div><ol id="index"></ol></nav>
    <main id="item" tabindex="-1" aria-labelledby="heading">
    <p class="meaning" id="meaning"></p>
    <div class="heading"><h2 id="heading"></h2><span class="tag" id="decision"></span></div>
    <div class="figures" id="figures"></div>
    <div id="text"></div>
    <p class="rule" id="rule"></p>
    <div id="more"></div>
    <div class="note-field"><label for="note">Note <kbd>n</kbd></label>
    <textarea id="note" rows="2"></textarea>
    <button type="button" id="keep-note">Keep the note</button> <span class="hint" id="note-hint"></span></div>
    </main>
    </div>
    <section class="box good" id="end" tabindex="-1" hidden="hidden"><h2>Finished</h2>
    <p id="ending"></p><p>What was decided is kept. This page can be closed.</p></section>
    <div class="bar" id="bar" hidden="hidden" role="toolbar" aria-label="Decisions">
    <div class="group on-item"><button type="button" class="decide fine" id="fine" aria-pressed="false">Fine <kbd>f</kbd></button>
    <button type="button" class="decide reject" id="reject" aria-pressed="false">Reject <kbd>r</kbd></button>
    <button type="button" class="decide make" id="make" aria-pressed="false">Make a rule <kbd>m</kbd></button>
    <button type="button" id="withdraw">Take back <kbd>u</kbd></button></div>
    <p class="status" id="status" role="status" aria-live="polite"></p>
    <div class="group"><button type="button" class="on-item" id="previous">Previous <kbd>k</kbd></button>
    <button type="button" class="on-item" id="next">Next <kbd>j</kbd></button>
    <button type="button" class="on-item" id="undecided">Next undecided <kbd>space</kbd></button>
    <button type="button" id="help" aria-label="Keys"><kbd>?</kbd></button>
    <button type="button" id="finish">Finish <kbd>F</kbd></button></div>
    </div>
    <dialog id="rule-dialog" aria-labelledby="rule-title"><h2 id="rule-title">Make a rule</h2>
    <p>Records whose answer holds this phrase are to go. It is looked for as it is, not as a pattern.</p>
    <label for="phrase">Phrase</label><textarea id="phrase" rows="3"></textarea>
    <p class="hint">Looks for: <code id="phrase-shown"></code></p>
    <p class="complaint" id="rule-complaint" role="alert"></p>
    <p class="choices"><button type="button" id="rule-cancel">Cancel</button>
    <button type="button" class="main" id="rule-make">Make the rule</button></p></dialog>
    <dialog id="finish-dialog" aria-labelledby="finish-title"><h2 id="finish-title">Finish the review</h2>
    <p id="finish-summary"></p>
    <label class="check" id="anyway-label"><input type="checkbox" id="anyway"/> <span>Finish, and leave them undecided</span></label>
    <label for="closing">Closing note on the drop as a whole</label><textarea id="closing" rows="3"></textarea>
    <p class="hint">Nothing can be changed behind this.</p>
    <p class="complaint" id="finish-complaint" role="alert"></p>
    <p class="choices"><button type="button" id="finish-cancel">Go on reviewing</button>
    <button type="button" class="main" id="finish-now">Finish the review</button></p></dialog>
    <dialog id="help-dialog" aria-labelledby="help-title"><h2 id="help-title">Keys</h2>
    <dl><div><dt><kbd>f</kbd></dt><dd>fine: it may stay</dd></div>
    <div><dt><kbd>r</kbd></dt><dd>reject: records like this are to go</dd></div>
    <div><dt><kbd>m</kbd></dt><dd>make a rule: records that hold a phrase are to go</dd></div>
    <div><dt><kbd>n</kbd></dt><dd>write a note; <kbd>Ctrl</kbd> <kbd>Enter</kbd> keeps it</dd></div>
    <div><dt><kbd>u</kbd></dt><dd>take the decision back</dd></div>
    <div><dt><kbd>j</kbd> <kbd>k</kbd></dt><dd>next and previous item; arrows up and down too</dd></div>
    <div><dt><kbd>space</kbd></dt><dd>next item without a decision</dd></div>
    <div><dt><kbd>l</kbd></dt><dd>next list</dd></div>
    <div><dt><kbd>Enter</kbd></dt><dd>open and close the examples</dd></div>
    <div><dt><kbd>F</kbd></dt><dd>finish the review</dd></div></dl>
    <p class="choices"><button type="button" class="main" id="help-close">Close</button></p></dialog>

    """#
