// The second half of a review page's script: what clicks and keys do. No `<`, no `&`: it must mean the same as HTML and
// as XML.

let reviewPageActing =
    #"""

      // One request after the other, so that what is said last is kept last.
      let queue = Promise.resolve();
      const others = new BroadcastChannel("review " + location.pathname);
      others.onmessage = (event) => take(event.data);
      const say = (name, body, done) => {
        const step = queue.then(async () => {
          status("Keeping …");
          try {
            const state = await ask(name, body);
            others.postMessage(state);
            take(state);
            status(done);
            return "";
          } catch (error) {
            status(error.message, true);
            return error.message;
          }
        });
        queue = step;
        return step;
      };

      const focusItem = () => byId("item").focus({ preventScroll: true });

      const decide = async (decision, phrase) => {
        if (sheet.items.length === 0) return "";
        const item = place;
        const body = { item, decision };
        if (phrase !== undefined) body.phrase = phrase;
        if (drafts.has(item)) body.note = drafts.get(item);
        const problem = await say("decide", body, "Kept: " + decision + ".");
        if (byId("bar").contains(document.activeElement)) focusItem();
        return problem;
      };

      const withdraw = async () => {
        if (answers.has(place)) await say("withdraw", { item: place }, "Taken back.");
        focusItem();
      };

      const keepNote = async () => {
        if (!answers.has(place) || !drafts.has(place)) return;
        await say("note", { item: place, note: drafts.get(place) }, "Note kept.");
        focusItem();
      };

      const step = (by) => {
        const next = place + by;
        if (next >= 0) { if (sheet.items.length > next) show(next); }
      };
      const nextUndecided = () => {
        const open = Array.from(sheet.items.keys()).filter((index) => !answers.has(index));
        const next = open.find((index) => index > place);
        if (next !== undefined) show(next);
        else if (open.length > 0) show(open[0]);
        else status("All is decided. F finishes the review.");
      };
      const nextList = () => {
        if (sheet.items.length === 0) return;
        const names = sheet.lists.map((list) => list.name);
        show(placesOf(names[(names.indexOf(sheet.items[place].list) + 1) % names.length])[0]);
      };

      const openRule = () => {
        if (sheet.items.length === 0) return;
        const item = sheet.items[place];
        const answer = answers.get(place);
        const isWhole = item.left ? false : sheet.textLimit >= new TextEncoder().encode(item.text).length;
        byId("phrase").value = (answer ? answer.phrase : null) || (isWhole ? item.text : "");
        byId("rule-complaint").textContent = "";
        showPhrase();
        byId("rule-dialog").showModal();
        byId("phrase").select();
      };
      const showPhrase = () => byId("phrase-shown").replaceChildren(inLine(byId("phrase").value, 500));
      const makeRule = async () => {
        const problem = await decide("rule", byId("phrase").value);
        if (problem) { byId("rule-complaint").textContent = problem; return; }
        byId("rule-dialog").close();
        focusItem();
      };

      const openFinish = () => {
        const open = sheet.items.length - answers.size;
        const notes = drafts.size > 0 ? " " + counted(drafts.size, "note") + " not kept yet will be lost." : "";
        byId("finish-summary").textContent = (open > 0
          ? counted(open, "item") + (open === 1 ? " is" : " are") + " undecided."
          : sheet.items.length > 0 ? "All " + counted(sheet.items.length, "item") + " decided." : "There was nothing to review.")
          + notes;
        byId("anyway-label").hidden = open === 0;
        byId("anyway").checked = false;
        byId("finish-complaint").textContent = "";
        byId("finish-dialog").showModal();
        byId("closing").focus();
      };
      const finish = async () => {
        const isOpen = sheet.items.length > answers.size;
        if (isOpen) {
          if (!byId("anyway").checked) {
            byId("finish-complaint").textContent = "Tick the box to leave items undecided, or go on reviewing.";
            byId("anyway").focus();
            return;
          }
        }
        const body = { note: byId("closing").value, evenUndecided: isOpen };
        const problem = await say("finish", body, "Finished.");
        byId("finish-complaint").textContent = problem;
      };

      const openHelp = () => byId("help-dialog").showModal();
      const toggleExamples = () => {
        const examples = byId("examples") || byId("variants");
        if (examples) examples.open = !examples.open;
      };

      const keys = {
        f: () => decide("fine"), r: () => decide("reject"), m: openRule, u: withdraw,
        n: () => { byId("note").focus(); }, j: () => step(1), k: () => step(-1), ArrowDown: () => step(1),
        ArrowUp: () => step(-1), l: nextList, " ": nextUndecided, "?": openHelp, F: openFinish,
        Enter: toggleExamples };
      const clicks = {
        fine: keys.f, reject: keys.r, make: openRule, withdraw, previous: keys.k, next: keys.j,
        undecided: nextUndecided, help: openHelp, finish: openFinish, "keep-note": keepNote,
        "rule-make": makeRule, "rule-cancel": () => byId("rule-dialog").close(),
        "finish-now": finish, "finish-cancel": () => byId("finish-dialog").close(),
        "help-close": () => byId("help-dialog").close() };

      document.addEventListener("keydown", (event) => {
        if (finished || event.ctrlKey || event.metaKey || event.altKey) return;
        if (!Object.hasOwn(keys, event.key) || document.querySelector("dialog[open]")) return;
        if (event.target.closest("textarea, input")) return;
        // Space and enter press what has the focus.
        if (event.key === " " || event.key === "Enter") {
          if (event.target.closest("button, summary")) return;
        }
        // Arrows still scroll where only arrows do.
        event.preventDefault();
        keys[event.key]();
      });

      byId("note").addEventListener("input", () => {
        const answer = answers.get(place);
        if (byId("note").value === (answer ? answer.note : "")) drafts.delete(place);
        else drafts.set(place, byId("note").value);
        showNote();
      });
      byId("note").addEventListener("keydown", (event) => {
        if (event.key === "Escape") focusItem();
        if (event.key === "Enter") { if (event.ctrlKey) keepNote(); }
      });
      byId("phrase").addEventListener("input", showPhrase);
      byId("phrase").addEventListener("keydown", (event) => {
        if (event.key === "Enter") { if (!event.shiftKey) { event.preventDefault(); makeRule(); } }
      });
      addEventListener("beforeunload", (event) => {
        if (drafts.size > 0) { if (!finished) event.preventDefault(); }
      });

      // What another tab said.
      const look = () => {
        if (finished || document.hidden) return;
        ask("state").then(take, () => {});
      };

      const describe = (source) => counted(source.records, "record") + (source.malformed > 0
        ? ", " + grouped(source.malformed) + " more unreadable" : "");

      ask("sheet").then((value) => {
        sheet = value;
        for (const [id, click] of Object.entries(clicks)) byId(id).addEventListener("click", click);
        byId("sources").replaceChildren(made("b", "", inLine(sheet.drop.path, 300)), " (" + describe(sheet.drop) + ")");
        if (sheet.reference) {
          byId("sources").append(" against ", made("b", "", inLine(sheet.reference.path, 300)),
            " (" + describe(sheet.reference) + ")");
        }
        byId("bar").hidden = false;
        if (sheet.items.length > 0) byId("desk").hidden = false;
        else { document.body.classList.add("without-items"); byId("empty").hidden = false; }
        for (const answer of sheet.state.answers) answers.set(answer.item, answer);
        const first = Array.from(sheet.items.keys()).find((index) => !answers.has(index));
        if (sheet.items.length > 0) show(first === undefined ? 0 : first);
        take(sheet.state);
        setInterval(look, 4000);
        addEventListener("focus", look);
      }, () => { byId("sources").textContent = ""; });

    """#
