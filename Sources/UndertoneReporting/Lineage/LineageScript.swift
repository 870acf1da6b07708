// The script of the lineage page: search, highlights, zoom. It makes text, never markup, and holds no `<` and no `&`, so
// that it means the same as HTML and as XML.

let lineageScript = Page.Part(
    sha256: "vBT4e9d+8Zi2KaBEt6Pz8ml3fWCmARHaKJDYFG7sIGw=",
    text: #"""

        "use strict";
        (() => {
          const byId = (id) => document.getElementById(id);
          const drawing = byId("drawing");
          if (!drawing) return;
          const data = JSON.parse(byId("data").textContent);
          const places = Array.from({ length: data.nodes }, (_, place) => place);
          const boxes = places.map((place) => byId("n" + place));
          const rows = places.map((place) => byId("e" + place));
          const lines = data.lines.map((line, index) => (
            { source: line[0], target: line[1], label: line[2], shape: byId("l" + index) }));
          const into = places.map(() => []);
          const from = places.map(() => []);
          for (const line of lines) { into[line.target].push(line); from[line.source].push(line); }
          const view = byId("view");
          const panel = byId("panel");
          const status = byId("status");
          const search = byId("search");
          const name = (place) => rows[place].querySelector(".name").textContent;
          const words = rows.map((row) => row.textContent.toLowerCase());
          let chosen = -1;
          let found = [];
          let shown = -1;
          let scale = 1;

          const count = (number, one, many) => number + " " + (number === 1 ? one : many);

          // All that lies one way from a place, the place itself included.
          const reach = (start, edges, end) => {
            const met = new Set([start]);
            for (const place of met) for (const line of edges[place]) met.add(line[end]);
            return met;
          };

          const show = (place) => {
            const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
            const box = boxes[place].getBoundingClientRect();
            const frame = view.getBoundingClientRect();
            view.scrollBy({
              left: box.left + box.width / 2 - frame.left - frame.width / 2,
              top: box.top + box.height / 2 - frame.top - frame.height / 2,
              behavior: calm ? "auto" : "smooth" });
          };

          const element = (tag, text, style) => {
            const made = document.createElement(tag);
            if (text) made.textContent = text;
            if (style) made.className = style;
            return made;
          };

          const listLinks = (title, edges, end) => {
            if (edges.length === 0) return;
            panel.append(element("h4", title));
            const list = element("ul");
            for (const line of edges.slice(0, 100)) {
              const button = element("button");
              button.type = "button";
              button.append(element("span", line.label), " " + name(line[end]));
              button.addEventListener("click", () => { choose(line[end]); show(line[end]); });
              const item = element("li");
              item.append(button);
              list.append(item);
            }
            if (edges.length > 100) list.append(element("li", "… " + (edges.length - 100) + " more"));
            panel.append(list);
          };

          const fillPanel = (place, above, below) => {
            panel.replaceChildren();
            const close = element("button", "×", "close");
            close.type = "button";
            close.setAttribute("aria-label", "Close the details");
            close.addEventListener("click", () => { choose(-1); boxes[place].focus(); });
            const row = rows[place];
            panel.append(close, element("h3", name(place)));
            const kind = row.querySelector(".kind").textContent;
            panel.append(element("p", kind + ", " + above + ", " + below, "meta"));
            for (const part of [".state", ".facts"]) {
              const block = element("div", "", part.slice(1));
              for (const child of row.querySelector(part).childNodes) block.append(child.cloneNode(true));
              panel.append(block);
            }
            listLinks("Comes from", into[place], "source");
            listLinks("What came of it", from[place], "target");
            panel.scrollTop = 0;
          };

          const choose = (place) => {
            chosen = place;
            const isOn = place >= 0;
            const above = isOn ? reach(place, into, "source") : new Set();
            const below = isOn ? reach(place, from, "target") : new Set();
            drawing.classList.toggle("chosen-some", isOn);
            boxes.forEach((box, index) => {
              box.classList.toggle("lit", above.has(index) || below.has(index));
              box.classList.toggle("chosen", index === place);
            });
            for (const line of lines) {
              const isLit = (above.has(line.source) ? above.has(line.target) : false)
                || (below.has(line.source) ? below.has(line.target) : false);
              line.shape.classList.toggle("lit", isLit);
            }
            panel.hidden = !isOn;
            panel.parentElement.classList.toggle("with-panel", isOn);
            if (!isOn) { status.textContent = ""; return; }
            const ancestors = count(above.size - 1, "ancestor", "ancestors");
            const descendants = count(below.size - 1, "descendant", "descendants");
            fillPanel(place, ancestors, descendants);
            status.textContent = name(place) + ": " + ancestors + ", " + descendants;
          };

          const find = () => {
            const wanted = search.value.trim().toLowerCase();
            found = wanted === "" ? [] : places.filter((place) => words[place].includes(wanted));
            const hits = new Set(found);
            boxes.forEach((box, place) => box.classList.toggle("found", hits.has(place)));
            rows.forEach((row, place) => { row.hidden = wanted === "" ? false : !hits.has(place); });
            shown = -1;
            status.textContent = wanted === "" ? "" : count(found.length, "match", "matches");
            if (found.length > 0) show(found[0]);
          };

          const next = () => {
            if (found.length === 0) return;
            shown = (shown + 1) % found.length;
            choose(found[shown]);
            show(found[shown]);
            status.textContent = "Match " + (shown + 1) + " of " + found.length + ": " + name(found[shown]);
          };

          const clear = () => { search.value = ""; find(); choose(-1); };

          const width = Number(drawing.getAttribute("width"));
          const height = Number(drawing.getAttribute("height"));
          const zoom = (wanted) => {
            scale = Math.min(Math.max(wanted, 0.1), 3);
            drawing.setAttribute("width", width * scale);
            drawing.setAttribute("height", height * scale);
            if (chosen >= 0) show(chosen);
          };
          const fitting = () => Math.min(1, (view.clientWidth - 2) / width);

          // The nearest box to the left or right on the same layer.
          const beside = (place, sign) => {
            const here = boxes[place].getBoundingClientRect();
            let best = -1;
            let least = Infinity;
            boxes.forEach((box, other) => {
              const there = box.getBoundingClientRect();
              const far = (there.left - here.left) * sign;
              if (Math.abs(there.top - here.top) > 2) return;
              if (far > 0) if (least > far) { best = other; least = far; }
            });
            return best;
          };

          const steps = {
            ArrowUp: (place) => (into[place].length > 0 ? into[place][0].source : -1),
            ArrowDown: (place) => (from[place].length > 0 ? from[place][0].target : -1),
            ArrowLeft: (place) => beside(place, -1),
            ArrowRight: (place) => beside(place, 1) };

          boxes.forEach((box, place) => {
            box.addEventListener("click", (event) => {
              event.preventDefault();
              choose(chosen === place ? -1 : place);
            });
            box.addEventListener("keydown", (event) => {
              const step = steps[event.key];
              if (!step) return;
              event.preventDefault();
              const other = step(place);
              if (0 > other) return;
              boxes[other].focus({ preventScroll: true });
              choose(other);
              show(other);
            });
          });
          rows.forEach((row, place) => {
            row.querySelector(".name").addEventListener("click", (event) => {
              event.preventDefault();
              choose(place);
              view.scrollIntoView({ block: "nearest" });
              show(place);
              boxes[place].focus({ preventScroll: true });
            });
          });
          search.addEventListener("input", find);
          search.addEventListener("keydown", (event) => { if (event.key === "Enter") next(); });
          byId("next").addEventListener("click", next);
          byId("clear").addEventListener("click", clear);
          byId("in").addEventListener("click", () => zoom(scale * 1.25));
          byId("out").addEventListener("click", () => zoom(scale / 1.25));
          byId("fit").addEventListener("click", () => zoom(fitting()));
          document.addEventListener("keydown", (event) => {
            if (event.key === "Escape") clear();
            if (event.key === "/") if (document.activeElement !== search) { event.preventDefault(); search.focus(); }
          });
          document.documentElement.classList.add("scripted");
          byId("bar").hidden = false;
          // Small enough to read is not small enough to fit: below this the drawing scrolls instead.
          zoom(fitting() > 0.75 ? fitting() : 1);
          if (data.focus >= 0) show(data.focus);
        })();

        """#)
