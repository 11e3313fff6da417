// The guide on another site's page: a button, and a panel whose frame is a page of the guide's own origin.
//   <script src="https://ORIGIN-OF-THE-GUIDE/widget.js" data-lang="da" async></script>
// It runs among scripts that it does not know. So it calls what browsers bring and no array's method, for a page may
// have replaced those; its elements stand in a closed shadow root; and it stores nothing.
(() => {
  "use strict";
  const facts = "FACTS"; // the settings and words of bot/web/embed.py
  const NAME = "vejviser-guide";
  const TWICE = 1000; // ms: Escape twice within them leaves the page
  const script = document.currentScript;
  const developer = (what) => console.warn("Vejviser: " + what + " (docs/embedding.md)");
  const has = (it, name) => Object.prototype.hasOwnProperty.call(it, name);

  if (!facts.origins) return developer("embedding is switched off here; VEJVISER_EMBED_ORIGINS names no site");
  if (!script || !script.src) return developer("the tag must be <script src=… async>, not a module");
  if (!(" " + facts.origins + " ").includes(" " + location.origin + " ")) {
    return developer("VEJVISER_EMBED_ORIGINS does not name " + location.origin);
  }
  const OURS = new URL(script.src).origin;
  const code = spoken(script.dataset.lang) || spoken(document.documentElement.lang) || asked() || facts.language;
  const words = facts.words[code];

  // The main part of a tag such as `ar-SA`, where the guide speaks it.
  function spoken(tag) {
    const main = String(tag || "").toLowerCase().replace(/[-_].*/, "");
    return has(facts.words, main) && main;
  }

  function asked() {
    for (let place = 0; place < navigator.languages.length; place++) {
      if (spoken(navigator.languages[place])) return spoken(navigator.languages[place]);
    }
    return null;
  }

  // What it looks like. Sizes are in em of the size that the browser is set to, whatever the page around makes of rem.

  const STYLE = `
    :host {
      all: initial !important;
      display: block !important;
      font: 400 medium/1.4 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif !important;
      inset: auto !important;
      position: fixed !important;
      z-index: 2147483647 !important;
    }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    .at {
      --paper: #fff; --ink: #1a1f24; --line: #c4cbd2; --edge: #77828c;
      --accent: #0b57a4; --accent-ink: #fff; --accent-deep: #083f78; --accent-text: #0b57a4; --focus: #1a1f24; --ring: #fff;
      color: var(--ink);
      color-scheme: light dark;
      overflow-wrap: break-word;
    }
    @media (prefers-color-scheme: dark) {
      .at {
        --paper: #14181c; --ink: #eef1f4; --line: #414b55; --edge: #8994a0;
        --accent: #9ccbff; --accent-ink: #0b2238; --accent-deep: #c6e1ff; --accent-text: #9ccbff; --focus: #fff; --ring: #14181c;
      }
    }
    :lang(ar), :lang(fa), :lang(ur) {
      font-family: "Vejviser Arabic", "Segoe UI", "SF Arabic", "Geeza Pro", "Noto Sans Arabic", "Noto Naskh Arabic", "Droid Arabic Naskh", system-ui, Tahoma, Arial, sans-serif;
    }
    .open, .panel { inset-block: auto max(1em, env(safe-area-inset-bottom)); inset-inline: auto 1em; position: fixed; }
    .open, .leave, .close {
      align-items: center;
      border: 0.125em solid transparent;
      cursor: pointer;
      display: flex;
      font: inherit;
      font-weight: 600;
      gap: 0.5em;
      line-height: 1.3;
      min-block-size: 2.75em;
      text-align: start;
    }
    .open, .leave { background: var(--accent); border-color: var(--accent-text); color: var(--accent-ink); }
    .open span { min-inline-size: 0; overflow-wrap: anywhere; white-space: pre-line; }
    .open { border-radius: 1.75em; box-shadow: 0 0.125em 0.75em #0006; max-inline-size: calc(100vw - 2em); padding: 0.5em 1.4em 0.5em 1em; }
    [dir="rtl"] > .open { padding: 0.5em 1em 0.5em 1.4em; }
    .open:hover, .leave:hover { background: var(--accent-deep); }
    svg { block-size: 1.5em; fill: currentColor; flex: none; inline-size: 1.5em; }
    [dir="rtl"] > .sign, [dir="rtl"] > * > .sign { transform: scaleX(-1); }
    :focus-visible { box-shadow: 0 0 0 0.1875em var(--ring); outline: 0.1875em solid var(--focus); outline-offset: 0.1875em; }
    .panel {
      background: var(--paper);
      block-size: min(46em, 100vh - 2em);
      border: 0.0625em solid var(--edge);
      border-radius: 0.5em;
      box-shadow: 0 0.25em 1.5em #0006;
      color: inherit;
      flex-direction: column;
      inline-size: min(28em, 100vw - 2em);
      margin: 0;
      max-block-size: none;
      max-inline-size: none;
      overflow: hidden;
      padding: 0;
    }
    .panel[open] { display: flex; }
    .top { align-items: center; border-block-end: 0.0625em solid var(--line); display: flex; gap: 0.5em; padding: 0.3em 0.5em 0.3em 1em; }
    .top[dir="rtl"] { padding: 0.3em 1em 0.3em 0.5em; }
    .name { block-size: 1.5em; display: flex; flex: 1; flex-wrap: wrap; font-weight: 700; gap: 0.4em; line-height: 1.5; min-inline-size: 1.5em; overflow: hidden; }
    .name svg { fill: var(--accent-text); }
    .leave { border-radius: 0.25em; font-size: 0.9em; min-block-size: 3.06em; min-inline-size: 0; overflow-wrap: anywhere; padding: 0.2em 0.75em; text-decoration: none; }
    .close { background: none; border-radius: 0.25em; color: var(--ink); flex: none; justify-content: center; min-inline-size: 2.75em; padding: 0; }
    .close:hover { background: var(--line); }
    iframe { background: var(--paper); border: 0; flex: 1; inline-size: 100%; min-block-size: 0; }
    iframe:focus-visible { box-shadow: none; outline: 0; }
    @media (max-width: 40em), (max-height: 30em) {
      .panel { block-size: 100%; border: 0; border-radius: 0; inline-size: 100%; inset: 0; }
    }
    @media (max-width: 16em) {
      .name, .open svg { display: none; }
      .open, [dir="rtl"] > .open { font-size: 0.85em; padding: 0.5em 1.1em; }
    }
    @media (forced-colors: active) { .open, .leave, .close { border-color: ButtonBorder; } .name svg { fill: CanvasText; } }
    @media print { :host { display: none !important; } }
    ${facts.colours}
  `;
  const SIGN = "M11 2h2v2h6l3 3-3 3h-6v2h2v6h-2v4h-2v-4H5l-3-3 3-3h6v-2H5V4h6z";
  const CROSS = "M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12 19 17.6 17.6 19 12 13.4 6.4 19 5 17.6 10.6 12 5 6.4z";

  // What it is made of

  function make(parent, name, className) {
    const element = Document.prototype.createElement.call(document, name);
    element.className = className;
    return parent.appendChild(element);
  }

  function draw(parent, path, className) {
    const SVG = "http://www.w3.org/2000/svg";
    const picture = Document.prototype.createElementNS.call(document, SVG, "svg");
    picture.setAttribute("viewBox", "0 0 24 24");
    picture.setAttribute("aria-hidden", "true");
    picture.setAttribute("class", className);
    const line = Document.prototype.createElementNS.call(document, SVG, "path");
    picture.appendChild(line).setAttribute("d", path);
    return parent.appendChild(picture);
  }

  // In a sheet of its own, which a page's Content-Security-Policy lets be; old browsers read a style element.
  function dress(root) {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
    } catch (old) {
      make(root, "style", "").textContent = STYLE;
    }
  }

  const small = matchMedia("(max-width: 40em), (max-height: 30em)");
  let at, button, panel, top, leaving, closing, frame, loaded, lettered;
  let escaped = -Infinity; // when Escape was pressed last, here or in the frame

  function build() {
    if (document.getElementsByTagName(NAME).length) return;
    const host = Document.prototype.createElement.call(document, NAME);
    const root = host.attachShadow({ mode: "closed" });
    dress(root);
    at = make(root, "div", "at");
    at.lang = code;
    at.dir = words.dir;
    at.setAttribute("role", "region");
    at.setAttribute("aria-label", words.title);
    button = make(at, "button", "open");
    button.type = "button";
    button.setAttribute("aria-haspopup", "dialog");
    draw(button, SIGN, "sign");
    make(button, "span", "").textContent = words.open;
    bring(code);
    button.addEventListener("click", open);
    at.addEventListener("keydown", onKey);
    buildPanel();
    document.documentElement.appendChild(host); // beside the body, whose transform or overflow would hold it
  }

  function buildPanel() {
    panel = make(at, "dialog", "panel");
    panel.addEventListener("close", () => {
      button.hidden = false;
      button.focus();
      if (frame) frame.contentWindow.postMessage({ vejviser: "closed" }, OURS); // nothing is read aloud any more
    });
    top = make(panel, "div", "top");
    const name = make(top, "div", "name");
    draw(name, SIGN, "sign");
    make(name, "span", "").textContent = "Vejviser";
    leaving = make(top, "a", "leave");
    leaving.href = facts.exit;
    leaving.rel = "noreferrer";
    leaving.addEventListener("click", leave);
    closing = make(top, "button", "close");
    closing.type = "button";
    draw(closing, CROSS, "cross");
    closing.addEventListener("click", () => panel.close());
  }

  // Letters of Urdu that the Arabic fonts of many systems lack, fetched where there is something to say in it.
  function bring(code) {
    if (code !== "ur" || lettered || !window.FontFace) return;
    lettered = new FontFace("Vejviser Arabic", "url(" + OURS + facts.letters + ")");
    document.fonts.add(lettered);
  }

  // In the language of the chat, which may be another than that of the page around.
  function speak(code) {
    const said = facts.words[code];
    bring(code);
    top.lang = code;
    top.dir = said.dir;
    leaving.textContent = said.leave;
    closing.setAttribute("aria-label", said.close);
    closing.title = said.close;
    panel.setAttribute("aria-label", said.title);
    frame.title = said.title;
  }

  // What it does

  function open() {
    if (!panel.showModal) return window.open(OURS + "/?lang=" + code, "_blank", "noopener"); // browsers before 2022
    if (!frame) load();
    if (small.matches) panel.showModal(); // it covers the page, so nothing behind it may be reached
    else panel.show();
    button.hidden = true;
    closing.focus();
    if (loaded) enter();
  }

  // Its page answers, and puts the focus where reading begins; who has gone elsewhere meanwhile stays there.
  function enter() {
    if (at.getRootNode().activeElement === closing) frame.contentWindow.focus();
    frame.contentWindow.postMessage({ vejviser: "hello" }, OURS);
  }

  function load() {
    frame = make(panel, "iframe", "");
    frame.allow = "clipboard-write; web-share";
    frame.referrerPolicy = "no-referrer";
    frame.addEventListener("load", () => {
      loaded = true;
      if (panel.open) enter();
    });
    frame.src = OURS + "/embed?lang=" + code;
    speak(code);
  }

  function onKey(event) {
    if (event.key !== "Escape" || event.isComposing || event.repeat) return;
    onEscape(event.timeStamp);
  }

  function onEscape(time) {
    if (time - escaped < TWICE) leave();
    else if (panel.open) panel.close();
    escaped = time;
  }

  // Nothing stays on the screen while the other page loads, and that page takes this one's place in the history.
  function leave(event) {
    if (event) event.preventDefault();
    document.title = "";
    document.documentElement.textContent = "";
    location.replace(facts.exit);
  }

  addEventListener("message", ({ source, origin, data }) => {
    if (!frame || source !== frame.contentWindow || origin !== OURS || !data) return;
    if (data.vejviser === "leave") leave();
    if (data.vejviser === "close") onEscape(performance.now());
    if (data.vejviser === "page" && spoken(data.lang) === data.lang) speak(data.lang);
  });

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", build);
  else build();
})();
