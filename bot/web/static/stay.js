// A chat in which nothing is written is deleted. It says so some minutes before, and keeps it for whoever wants that.
(() => {
  "use strict";
  const WARNING = 4 * 60000; // ms before the end
  let timer;

  function start() {
    const soon = document.getElementById("soon");
    clearTimeout(timer);
    if (!soon) return;
    soon.replaceChildren();
    const kept = Number(soon.dataset.minutes) * 60000;
    timer = setTimeout(() => warn(soon), kept - Math.min(WARNING, kept / 2));
  }

  // Into a place that a screen reader listens to already.
  function warn(soon) {
    const said = document.getElementById("of-soon").content.cloneNode(true);
    said.querySelector("button").addEventListener("click", stay);
    soon.append(said);
    soon.scrollIntoView({ block: "nearest" });
  }

  // Where the chat is over by then, the page shows that.
  async function stay() {
    const response = await fetch("/stay", { method: "POST" }).catch(() => null);
    if (!response) return; // the warning stays, and can be pressed again
    if (response.ok) start();
    else if (window.vejviserFrame) window.vejviserFrame.go("/");
    else location.replace("/");
  }

  // Each turn puts the end off, and so does a page that is shown anew.
  function watch() {
    const log = document.getElementById("log");
    if (log) new MutationObserver(start).observe(log, { childList: true });
    start();
  }

  document.addEventListener("vejviser:page", watch);
  watch();
})();
