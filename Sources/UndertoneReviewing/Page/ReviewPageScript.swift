// The script of a review's page. It makes text, never markup, and holds no `<` and no `&`, so that it means the same as
// HTML and as XML. Nothing is shown as decided before the server has said that it is kept.

import UndertoneReporting

let reviewPageScript = Page.Part(
    sha256: "6K4Aly513WBVnQt3ivBQYgFp96HbJ2ENM3Go3ltikMU=",
    text: "\n\"use strict\";\n(() => {\n" + reviewPageShowing + reviewPageActing + "})();\n")

private let reviewPageShowing =
    #"""

      const byId = (id) => document.getElementById(id);
      const made = (tag, style, ...parts) => {
        const element = document.createElement(tag);
        if (style) element.className = style;
        element.append(...parts);
        return element;
      };
      const button = (style, onClick, ...parts) => {
        const element = made("button", style, ...parts);
        element.type = "button";
        element.addEventListener("click", onClick);
        return element;
      };
      const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");
      const counted = (number, noun) => grouped(number) + " " + noun + (number === 1 ? "" : "s");
      const says = { fine: "✓ fine", reject: "✗ reject", rule: "⚑ rule" };
      const signs = { fine: "✓", reject: "✗", rule: "⚑" };

      let sheet = null;
      let answers = new Map();
      let revision = -1;
      let finished = false;
      let place = 0;
      // Notes that are typed and not kept.
      const drafts = new Map();

      // What nobody can see, or what turns text around, is shown as its number.
      const hidden = /(?:(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}])+|(?:(?![\p{L}\p{N}])\p{M}){5,}|^\p{M}+/gu;
      const named = (text) => Array.from(text, (scalar) => {
        if (scalar === "\t") return "\\t";
        if (scalar === "\r") return "\\r";
        return "\\u{" + scalar.codePointAt(0).toString(16).toUpperCase() + "}";
      }).join("");
      const shown = (text) => {
        const fragment = document.createDocumentFragment();
        text.split("\n").forEach((line, index) => {
          if (index > 0) fragment.append("\n");
          let start = 0;
          for (const match of line.matchAll(hidden)) {
            if (match.index > start) fragment.append(line.slice(start, match.index));
            fragment.append(made("span", "hidden-char", named(match[0])));
            start = match.index + match[0].length;
          }
          fragment.append(line.slice(start));
        });
        return fragment;
      };
      const inLine = (text, limit) => {
        const start = Array.from(text.slice(0, 2 * limit)).slice(0, limit).join("").replaceAll("\n", " ");
        return shown(start + (text.length > start.length ? "…" : ""));
      };

      // A text in full, or folded where it is long. Only what is seen is made.
      const folds = 4000;
      const block = (part) => {
        const text = part.text;
        const left = part.left || 0;
        const pre = made("pre");
        const outer = made("div", "", pre);
        const isLong = text.length > folds ? true : text.split("\n").length > 14;
        const all = () => {
          const more = left > 0 ? "\n… " + counted(left, "more character") + ", not sent to this page" : "";
          pre.replaceChildren(shown(text), more);
        };
        if (!isLong) { all(); return outer; }
        const turn = button("unfold", () => {
          const isFolded = outer.classList.toggle("folded");
          if (isFolded) fold(); else all();
          turn.setAttribute("aria-expanded", String(!isFolded));
          turn.textContent = isFolded ? "Show all " + counted(text.length + left, "character") : "Fold";
        }, "Show all " + counted(text.length + left, "character"));
        turn.setAttribute("aria-expanded", "false");
        const fold = () => pre.replaceChildren(shown(Array.from(text.slice(0, folds)).join("")), text.length > folds ? "…" : "");
        outer.classList.add("folded");
        fold();
        outer.append(turn);
        return outer;
      };

      const status = (text, isBad) => {
        byId("status").textContent = text;
        byId("status").classList.toggle("bad", Boolean(isBad));
      };
      const alarm = (text) => {
        byId("alarm").textContent = text;
        byId("alarm").hidden = text === "";
      };
      const silent = "The program that shows this page does not answer. Nothing that you do now is kept; "
        + "what was shown as kept is. Start it again, or look whether it still runs.";

      const ask = async (name, body) => {
        const options = { cache: "no-store", credentials: "omit", redirect: "error" };
        if (body) {
          options.method = "POST";
          options.headers = { "Content-Type": "application/json" };
          options.body = JSON.stringify(body);
        }
        let response = null;
        let value = null;
        try {
          response = await fetch(name, options);
          value = await response.json();
        } catch {
          alarm(silent);
          throw new Error("The program does not answer; nothing was kept.");
        }
        alarm("");
        if (!response.ok) throw new Error(value.error || "Refused.");
        return value;
      };

      const take = (state) => {
        if (revision >= state.revision) return;
        const before = answers;
        revision = state.revision;
        finished = state.finished;
        answers = new Map(state.answers.map((answer) => [answer.item, answer]));
        // A draft that says what is kept now is none.
        for (const [item, text] of drafts) {
          const answer = answers.get(item);
          if (answer ? answer.note === text : false) drafts.delete(item);
        }
        showCounts();
        showLists();
        showAnswer(before.get(place));
        if (finished) showEnd();
      };

      const showCounts = () => {
        const tally = { fine: 0, reject: 0, rule: 0 };
        for (const answer of answers.values()) tally[answer.decision] += 1;
        const all = sheet.items.length;
        byId("decided").textContent = grouped(answers.size) + " of " + grouped(all) + " decided";
        byId("tally").textContent = "· " + tally.fine + " fine · " + tally.reject + " reject · " + tally.rule + " rule";
        byId("done").style.width = (all > 0 ? 100 * answers.size / all : 100) + "%";
      };

      const placesOf = (name) => Array.from(sheet.items.keys()).filter((index) => sheet.items[index].list === name);

      const showLists = () => {
        const item = sheet.items[place];
        byId("lists").replaceChildren(...sheet.lists.map((list) => {
          const places = placesOf(list.name);
          const open = places.filter((index) => !answers.has(index));
          const tab = button("", () => show(open.length > 0 ? open[0] : places[0]), list.title,
            made("span", "", (places.length - open.length) + " / " + places.length));
          if (item.list === list.name) tab.setAttribute("aria-current", "true");
          return tab;
        }));
        const index = byId("index");
        const scroll = index.scrollTop;
        index.replaceChildren(...placesOf(item.list).map((other) => {
          const answer = answers.get(other);
          const sign = made("span", answer ? answer.decision + "-ink" : "", answer ? signs[answer.decision] : "");
          if (answer) { sign.setAttribute("role", "img"); sign.setAttribute("aria-label", answer.decision); }
          const row = button("", () => show(other), made("span", "rank", String(sheet.items[other].rank)),
            made("span", "start", inLine(sheet.items[other].text, 60)), sign);
          if (other === place) row.setAttribute("aria-current", "true");
          return made("li", "", row);
        }));
        index.scrollTop = scroll;
        const current = index.querySelector("[aria-current]");
        if (current) {
          const row = current.getBoundingClientRect();
          const frame = index.getBoundingClientRect();
          if (frame.top > row.top) index.scrollTop -= frame.top - row.top;
          if (row.bottom > frame.bottom) index.scrollTop += row.bottom - frame.bottom;
        }
      };

      const bar = (share, most) => {
        const filled = document.createElement("i");
        filled.style.width = (most > 0 ? Math.max(100 * share / most, share > 0 ? 1 : 0) : 0) + "%";
        const track = made("div", "track", filled);
        track.setAttribute("aria-hidden", "true");
        return track;
      };

      // Bars of a list have one scale.
      const showFigures = (item) => {
        const most = Math.max(...placesOf(item.list).flatMap((index) => (
          [sheet.items[index].share, sheet.items[index].referenceShare || 0])));
        const figures = byId("figures");
        figures.replaceChildren(made("span", "", item.count), bar(item.share, most));
        if (item.reference) {
          figures.append(made("span", "reference", item.reference), bar(item.referenceShare, most));
        }
        const rest = [item.ratio, item.score].filter(Boolean);
        if (rest.length > 0) figures.append(made("span", "wide", rest.join(" · ")));
      };

      const showMore = (item) => {
        const more = byId("more");
        more.replaceChildren();
        const fold = (id, title, fill) => {
          const details = made("details", "", made("summary", "", title));
          details.id = id;
          details.addEventListener("toggle", () => { if (details.open) fill(details); }, { once: true });
          more.append(details);
        };
        if (item.variants.length > 0) {
          fold("variants", counted(item.variants.length, "variant"), (details) => {
            for (const variant of item.variants) details.append(made("div", "variant", block(variant)));
          });
        }
        if (item.examples.length > 0) {
          fold("examples", counted(item.examples.length, "example"), (details) => {
            for (const example of item.examples) {
              const parts = [made("b", "", "Line " + grouped(example.line))];
              if (example.prompt.text) parts.push(made("h4", "", "asked"), block(example.prompt));
              parts.push(made("h4", "", "answered"), block(example.output));
              details.append(made("div", "example", ...parts));
            }
          });
        }
      };

      const show = (index) => {
        if (sheet.items.length === 0) return;
        place = index;
        const item = sheet.items[place];
        const list = sheet.lists.find((list) => list.name === item.list);
        byId("meaning").textContent = list.meaning;
        byId("heading").textContent = list.title + ", " + item.rank + " of " + placesOf(item.list).length;
        showFigures(item);
        byId("text").replaceChildren(block(item));
        showMore(item);
        showLists();
        showAnswer();
        status("");
        byId("item").focus({ preventScroll: true });
        scrollTo(0, 0);
      };

      const showAnswer = () => {
        const answer = answers.get(place);
        const tag = byId("decision");
        tag.textContent = answer ? says[answer.decision] : "undecided";
        tag.className = "tag" + (answer ? " " + answer.decision + "-ink" : "");
        for (const [id, decision] of [["fine", "fine"], ["reject", "reject"], ["make", "rule"]]) {
          byId(id).setAttribute("aria-pressed", String(answer ? answer.decision === decision : false));
        }
        byId("withdraw").disabled = !answer;
        byId("rule").replaceChildren();
        if (answer ? answer.phrase : false) {
          byId("rule").append("The rule looks for ", made("code", "", inLine(answer.phrase, 500)));
        }
        showNote();
      };

      const showNote = () => {
        const answer = answers.get(place);
        const draft = drafts.get(place);
        const text = draft === undefined ? (answer ? answer.note : "") : draft;
        if (byId("note").value !== text) byId("note").value = text;
        byId("keep-note").hidden = !answer;
        byId("keep-note").disabled = draft === undefined;
        byId("note-hint").textContent = draft === undefined ? (text === "" ? "" : "kept")
          : (answer ? "not kept yet" : "is kept with your decision");
      };

      const showEnd = () => {
        for (const id of ["desk", "bar", "empty"]) byId(id).hidden = true;
        for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
        byId("end").hidden = false;
        byId("ending").textContent = byId("decided").textContent + " " + byId("tally").textContent;
        alarm("");
        byId("end").focus();
      };

    """#
