// The style sheet of a review's page, behind the shared one. No `<`, no `&`: it must mean the same as HTML and as XML.

import UndertoneReporting

let reviewPageStyle = Page.Part(
    sha256: "9ZIJmqZPvyaeWSFzrdXy1P2fhqDLKiCsKVgCI6Gnk58=",
    text: #"""

        :root { --measure: 84rem; }
        html { scrollbar-gutter: stable; }
        body { padding-bottom: 8rem; }
        [hidden] { display: none !important; }
        header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0.5rem 2rem; }
        header p { margin: 0.2rem 0 0; }
        .progress { min-width: 15rem; color: var(--soft); }
        .progress b { color: var(--ink); font-size: 1.15rem; }
        .track { height: 8px; margin-top: 0.4rem; border-radius: 4px; background: var(--rule); overflow: hidden; }
        .track i { display: block; width: 0; height: 100%; background: var(--lit); }
        .desk { display: grid; grid-template-columns: minmax(14rem, 20rem) minmax(0, 1fr); gap: 1.4rem;
          margin-top: 1.4rem; align-items: start; }
        nav { position: sticky; top: 1rem; }
        button { padding: 0.4rem 0.75rem; border: 1px solid var(--line); border-radius: 8px; background: var(--card);
          color: var(--ink); font: inherit; cursor: pointer; }
        button:hover { border-color: var(--ink); }
        button:disabled { opacity: 0.55; cursor: default; border-color: var(--rule); }
        #lists { display: flex; flex-direction: column; gap: 0.25rem; }
        #lists button { display: flex; justify-content: space-between; gap: 0.8rem; border-color: var(--rule);
          text-align: left; }
        #lists button[aria-current="true"] { border-color: var(--lit); box-shadow: inset 4px 0 0 var(--lit);
          font-weight: 650; }
        #lists span { color: var(--soft); font-weight: 400; font-variant-numeric: tabular-nums; }
        #index { max-height: max(9rem, calc(100vh - 32.5rem)); margin: 0.8rem 0 0; padding: 0; overflow-y: auto; list-style: none;
          border: 1px solid var(--rule); border-radius: 8px; background: var(--card); }
        #index button { display: grid; grid-template-columns: 2.2rem 1fr 1.1rem; gap: 0.4rem; width: 100%;
          padding: 0.25rem 0.6rem; border: 0; border-radius: 0; background: none; text-align: left; font-size: 0.9rem; }
        #index button:focus-visible { outline-offset: -3px; }
        #index button[aria-current="true"] { background: var(--page); box-shadow: inset 4px 0 0 var(--lit); }
        #index .rank { color: var(--soft); text-align: right; font-variant-numeric: tabular-nums; }
        #index .start { overflow: hidden; white-space: nowrap; text-overflow: ellipsis; unicode-bidi: isolate; }
        main { padding: 1rem 1.2rem 1.2rem; border: 1px solid var(--rule); border-radius: 8px;
          background: var(--card); min-width: 0; }
        main:focus { outline: none; }
        .meaning { margin: 0; color: var(--soft); font-size: 0.92rem; }
        .heading { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.3rem 1rem; }
        .heading h2 { margin: 0.2rem 0 0.4rem; }
        .tag { font-weight: 700; }
        .fine-ink { color: var(--good); }
        .reject-ink { color: var(--bad); }
        .rule-ink { color: var(--warn); }
        .figures { display: grid; grid-template-columns: auto minmax(5rem, 14rem); gap: 0.15rem 1rem;
          align-items: center; justify-content: start; margin-bottom: 0.8rem; font-variant-numeric: tabular-nums; }
        .figures .wide { grid-column: 1 / -1; color: var(--soft); }
        .figures .track { margin: 0; border: 1px solid var(--line); background: none; height: 12px; }
        .figures .reference { color: var(--soft); }
        .figures .reference + .track i { background: var(--line); }
        pre { margin: 0; padding: 0.7rem 0.9rem; border: 1px solid var(--rule); border-radius: 6px;
          background: var(--page); font: 0.95rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace;
          white-space: pre-wrap; overflow-wrap: anywhere; overflow: hidden; unicode-bidi: isolate; }
        .folded pre { max-height: 21rem; }
        .unfold { margin-top: 0.4rem; font-size: 0.9rem; }
        .hidden-char { padding: 0 0.1em; border-radius: 3px; background: var(--warn-page); color: var(--warn);
          font-size: 0.85em; unicode-bidi: isolate; }
        .rule:empty, .complaint:empty { display: none; }
        .rule { margin: 0.7rem 0 0; }
        details { margin-top: 0.8rem; }
        summary { cursor: pointer; color: var(--soft); }
        .example { margin-top: 0.7rem; }
        .example h4 { margin: 0.5rem 0 0.15rem; color: var(--soft); font-size: 0.85rem; font-weight: 400; }
        .variant { margin-top: 0.4rem; }
        label { display: block; margin: 0.8rem 0 0.25rem; color: var(--soft); }
        textarea { display: block; width: 100%; padding: 0.45rem 0.6rem; border: 1px solid var(--line);
          border-radius: 6px; background: var(--page); color: var(--ink); font: inherit; resize: vertical; }
        .note-field { margin-top: 1rem; }
        .note-field button { margin-top: 0.4rem; font-size: 0.9rem; }
        .hint { color: var(--soft); font-size: 0.9rem; }
        .complaint { color: var(--bad); font-weight: 600; }
        kbd { padding: 0 0.35em; border: 1px solid var(--line); border-radius: 4px; color: var(--soft);
          font: 0.8em ui-monospace, "DejaVu Sans Mono", monospace; }
        .bar { position: fixed; z-index: 2; bottom: 0; left: 0; right: 0; display: flex; flex-wrap: wrap;
          align-items: center; justify-content: space-between; gap: 0.4rem 1rem;
          padding: 0.6rem clamp(0.9rem, 3vw, 2.5rem); border-top: 1px solid var(--rule); background: var(--card);
          box-shadow: 0 -4px 16px rgb(0 0 0 / 0.12); }
        .group { display: flex; flex-wrap: wrap; gap: 0.35rem; }
        .bar button { font-size: 0.92rem; }
        .bar .decide { font-weight: 650; }
        .bar .fine { color: var(--good); border-color: var(--good); }
        .bar .reject { color: var(--bad); border-color: var(--bad); }
        .bar .make { color: var(--warn); border-color: var(--warn); }
        .bar .decide[aria-pressed="true"] { color: var(--card); }
        .bar .decide[aria-pressed="true"] kbd { color: inherit; border-color: currentColor; }
        .bar .fine[aria-pressed="true"] { background: var(--good); }
        .bar .reject[aria-pressed="true"] { background: var(--bad); }
        .bar .make[aria-pressed="true"] { background: var(--warn); }
        .status { flex: 1 1 6rem; margin: 0; min-height: 1.5em; color: var(--soft); font-size: 0.92rem; }
        .status.bad { color: var(--bad); font-weight: 600; }
        dialog { width: min(36rem, calc(100vw - 1.8rem)); padding: 1.1rem 1.3rem; border: 1px solid var(--line);
          border-radius: 10px; background: var(--card); color: var(--ink); }
        dialog::backdrop { background: rgb(0 0 0 / 0.45); }
        dialog h2 { margin-top: 0; }
        dialog dl div { grid-template-columns: 4.5rem 1fr; }
        .choices { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 0.5rem; margin: 1rem 0 0; }
        .main { border-color: var(--link); background: var(--link); color: var(--card); font-weight: 650; }
        .check { display: flex; gap: 0.5rem; align-items: baseline; color: var(--ink); }
        .without-items .on-item { display: none; }
        @media (max-width: 760px) {
          body { padding-bottom: 12rem; }
          .progress { flex: 1; }
          .desk { grid-template-columns: minmax(0, 1fr); gap: 0.8rem; margin-top: 1rem; }
          nav { position: static; }
          #index { display: none; }
          #lists { flex-direction: row; flex-wrap: wrap; }
          #lists button { padding: 0.2rem 0.55rem; font-size: 0.88rem; }
          main { padding: 0.8rem; }
          .figures { grid-template-columns: 1fr; }
          .bar { padding: 0.5rem 0.9rem; gap: 0.3rem; }
          .bar button { padding: 0.3rem 0.5rem; font-size: 0.9rem; }
          .bar kbd { display: none; }
          .status { order: -1; flex-basis: 100%; min-height: 0; }
          #help { display: none; }
        }
        @media print {
          body { padding-bottom: 0; }
          .bar, nav, .note-field button, .unfold { display: none; }
          .desk { display: block; }
        }

        """#)
