// The style sheet of the lineage page, behind the shared one. No `<`, no `&`: it must mean the same as HTML and as XML.

let lineageStyle = Page.Part(
    sha256: "sHj++LBn2tbrLhUG944w6uXnZpsvI/Adh2Cswr+cnHE=",
    text: #"""

        :root { --measure: 100rem; --lit-page: #e6effc; --found: #ffe27a; --found-ink: #1a1c21;
          --model: #2f5fc4; --drop: #11776a; --generation: #7a45bd; --scan: #6b7012; --training: #b3327c;
          --prompts: #5f6675; --pack: #8a5a1d; --measurement: #0f7391; --deployment: #4a4a9c; }
        @media (prefers-color-scheme: dark) { :root {
          --lit-page: #1d2d49; --found: #6b5900; --found-ink: #ffffff;
          --model: #82a9ff; --drop: #4cc7b5; --generation: #c39bf5; --scan: #c2c65a; --training: #f08cc2;
          --prompts: #a9b0bf; --pack: #dba765; --measurement: #5fc3e4; --deployment: #a8a8f5; } }
        .skip { position: absolute; left: -100rem; }
        .skip:focus { position: static; }
        .box h2 { margin: 0; font-size: 1.05rem; }
        .box ul { margin: 0.3rem 0 0; padding-left: 1.2rem; }
        .bar { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; margin-bottom: 0.6rem; }
        .bar[hidden], .panel[hidden], tr[hidden] { display: none; }
        .bar label { font-weight: 600; }
        input, button { min-height: 2.5rem; padding: 0.3rem 0.8rem; border: 1px solid var(--line); border-radius: 8px;
          background: var(--card); color: var(--ink); font: inherit; }
        input { flex: 1 1 13rem; max-width: 26rem; min-width: 0; }
        input::placeholder { color: var(--soft); opacity: 1; }
        button { cursor: pointer; }
        button:hover { border-color: var(--ink); }
        .zoom { display: inline-flex; gap: 0.25rem; }
        .zoom button { min-width: 2.5rem; }
        #status { color: var(--soft); }
        .stage { display: grid; gap: 1rem; align-items: start; }
        .view { overflow: auto; max-height: 82vh; border: 1px solid var(--rule); border-radius: 10px;
          background: var(--card); }
        .view > svg { display: block; margin: 0 auto; }
        .view > p { padding: 0 1rem; }
        .panel { padding: 1rem 1.1rem; border: 1px solid var(--rule); border-radius: 10px; background: var(--card);
          overflow: auto; max-height: 82vh; }
        .panel h3 { margin: 0 2.6rem 0.2rem 0; font-size: 1.1rem; line-height: 1.3; }
        .panel h4 { margin: 1rem 0 0.2rem; font-size: 0.95rem; }
        .panel ul { margin: 0; padding: 0; list-style: none; }
        .panel li button { width: 100%; min-height: 2.25rem; margin-top: 0.25rem; text-align: left; }
        .panel li span { color: var(--soft); font-size: 0.85rem; }
        .panel .close { float: right; min-width: 2.5rem; margin: -0.3rem -0.4rem 0 0.5rem; padding: 0; }
        .panel .meta { margin: 0 0 0.6rem; color: var(--soft); }
        .legend { display: flex; flex-wrap: wrap; gap: 0.3rem 1.6rem; margin: 0.7rem 0 0; padding: 0; list-style: none;
          color: var(--soft); font-size: 0.9rem; }
        .legend svg { vertical-align: -3px; }
        .legend .js { display: none; }
        .scripted .legend .js { display: list-item; }
        kbd { padding: 0 0.35em; border: 1px solid var(--line); border-radius: 4px; font: inherit; }

        svg text { fill: var(--ink); font-family: inherit; }
        .line path { fill: none; stroke: var(--line); stroke-width: 1.6px; marker-end: url(#tip); }
        .line text { fill: var(--soft); font-size: 11px; text-anchor: middle; paint-order: stroke; stroke: var(--card);
          stroke-width: 5px; stroke-linejoin: round; }
        .line.tainted path { stroke: var(--bad); stroke-dasharray: 7 4; marker-end: url(#tip-tainted); }
        .line.lit path { stroke: var(--lit); stroke-width: 3px; marker-end: url(#tip-lit); }
        .line.lit text { fill: var(--ink); font-weight: 600; }
        #tip path { fill: var(--line); }
        #tip-tainted path { fill: var(--bad); }
        #tip-lit path { fill: var(--lit); }
        .node { cursor: pointer; outline: none; text-decoration: none; }
        .frame { fill: var(--card); stroke: var(--line); stroke-width: 1.4px; }
        .node:hover .frame { stroke: var(--ink); }
        .node.itself .frame { fill: var(--bad-page); stroke: var(--bad); stroke-width: 3px; }
        .node.inherited .frame { fill: var(--warn-page); stroke: var(--warn); stroke-width: 2px; stroke-dasharray: 7 4; }
        .node.focus .name { text-decoration: underline; }
        .node .kind { fill: var(--soft); font-size: 11px; letter-spacing: 0.03em; }
        .node .name { font-size: 14.5px; font-weight: 600; }
        .node .sub { fill: var(--soft); font-size: 11.5px; }
        .node .approved { fill: var(--good); font-size: 11.5px; font-weight: 600; text-anchor: end; }
        .node .state { font-size: 11px; font-weight: 700; text-anchor: end; }
        .node.itself .state { fill: var(--bad); }
        .node.inherited .state { fill: var(--warn); }
        .node.itself .sign, .sign.itself { fill: var(--bad); }
        .node.inherited .sign, .sign.inherited { fill: none; stroke: var(--warn); stroke-width: 2px; }
        .node.lit .frame { fill: var(--lit-page); stroke: var(--lit); stroke-width: 2.5px; stroke-dasharray: none; }
        .node.found .frame { fill: var(--found); }
        .node.found text { fill: var(--found-ink); }
        .node.chosen .frame, .node:focus-visible .frame { stroke: var(--lit); stroke-width: 5px; stroke-dasharray: none; }
        .chosen-some .node:not(.lit):not(.chosen), .chosen-some .line:not(.lit) { opacity: 0.3; }
        .band { fill: none; stroke-width: 5px; stroke-linecap: round; stroke: var(--soft); }
        .band.k-model { stroke: var(--model); } .band.k-drop { stroke: var(--drop); }
        .band.k-generation { stroke: var(--generation); } .band.k-scan { stroke: var(--scan); }
        .band.k-training { stroke: var(--training); } .band.k-prompts { stroke: var(--prompts); }
        .band.k-pack { stroke: var(--pack); } .band.k-measurement { stroke: var(--measurement); }
        .band.k-deployment { stroke: var(--deployment); }

        table { width: 100%; border-collapse: collapse; border: 1px solid var(--rule); background: var(--card);
          font-size: 0.94rem; }
        th, td { padding: 0.55rem 0.8rem; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top;
          font-weight: 400; }
        thead th { color: var(--soft); font-size: 0.85rem; font-weight: 600; }
        .entries th:first-child { width: 22%; } .entries th:nth-child(2) { width: 9%; }
        .entries th:nth-child(3) { width: 31%; }
        .edges { max-width: 60rem; }
        tbody th .name { font-weight: 600; }
        tbody .sub { display: block; color: var(--soft); font-size: 0.88rem; }
        tr:target { background: var(--lit-page); }
        tr.itself > th { box-shadow: inset 5px 0 var(--bad); }
        tr.inherited > th { box-shadow: inset 5px 0 var(--warn); }
        td p { margin: 0 0 0.3rem; }
        .glyph { font-weight: 700; }
        .taint.itself { color: var(--bad); font-weight: 600; }
        .taint.inherited { color: var(--warn); font-weight: 600; }
        .approval { color: var(--good); }
        .path, .none { color: var(--soft); font-size: 0.9rem; }
        span.kind { padding-left: 0.5em; border-left: 5px solid var(--soft); white-space: nowrap; }
        span.k-model { border-color: var(--model); } span.k-drop { border-color: var(--drop); }
        span.k-generation { border-color: var(--generation); } span.k-scan { border-color: var(--scan); }
        span.k-training { border-color: var(--training); } span.k-prompts { border-color: var(--prompts); }
        span.k-pack { border-color: var(--pack); } span.k-measurement { border-color: var(--measurement); }
        span.k-deployment { border-color: var(--deployment); }

        @media (min-width: 64rem) {
          .stage.with-panel { grid-template-columns: minmax(0, 1fr) 24rem; }
        }
        @media (max-width: 46rem) {
          table, tbody, tr, tbody th, td { display: block; width: auto; }
          .entries th:first-child { width: auto; }
          .entries thead { position: absolute; left: -100rem; }
          .entries tr { padding: 0.4rem 0; border-bottom: 1px solid var(--rule); }
          .entries tbody th, .entries td { padding: 0.25rem 0.8rem; border: 0; }
          .edges, .edges tbody, .edges tr, .edges td { display: revert; }
          .edges th, .edges td { padding: 0.45rem 0.5rem; }
          .panel { position: sticky; bottom: 0; max-height: 46vh; box-shadow: 0 -6px 20px rgb(0 0 0 / 0.25); }
          .view { max-height: 70vh; }
        }
        @media (forced-colors: active) {
          .frame { fill: Canvas; stroke: CanvasText; } svg text { fill: CanvasText; stroke: none; }
          .line path { stroke: CanvasText; } .node.lit .frame, .node.chosen .frame { stroke: Highlight; }
          .chosen-some .node, .chosen-some .line { opacity: 1; }
        }
        @media print {
          .bar, .panel, .skip, .legend .js { display: none; }
          .view { max-height: none; overflow: visible; border: 0; }
          .view > svg { max-width: 100%; height: auto; max-height: 24cm; }
          .stage.with-panel { display: block; }
          tr { break-inside: avoid; }
          .chosen-some .node, .chosen-some .line { opacity: 1; }
        }

        """#)
