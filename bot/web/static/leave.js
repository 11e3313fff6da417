// The way out of the page, fast and for good; and paper. Alone, so that nothing else can keep it from working.
(() => {
  "use strict";
  const frame = window.vejviserFrame; // in the frame on another site's page: embed.js
  const TWICE = 1000; // ms within which Escape, pressed again, leaves the page
  const LEFT = "vejviser-left"; // in the tab's sessionStorage: where to, so that Back leads there again (early.js)
  let escaped = -Infinity;

  // Nothing stays on the screen while the other page loads, and that page takes this one's place in the history.
  function goAway() {
    const { href } = document.querySelector(".leave");
    document.body.textContent = "";
    document.title = "";
    if (frame) return frame.leave(href);
    try {
      sessionStorage.setItem(LEFT, href);
    } catch (closed) {}
    location.replace(href);
  }

  // A page out of the browser's memory may show a chat that is deleted, or that somebody fled from.
  function back() {
    document.body.textContent = "";
    let left = "";
    try {
      left = sessionStorage.getItem(LEFT);
    } catch (closed) {}
    if (left && !frame) location.replace(left);
    else location.reload();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || event.repeat) return;
    if (event.timeStamp - escaped < TWICE) goAway();
    else if (frame) frame.close();
    escaped = event.timeStamp;
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest(".leave")) return;
    event.preventDefault();
    goAway();
  });

  addEventListener("pageshow", (event) => event.persisted && back());

  function start() {
    document.querySelectorAll("[data-print]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => print());
    });
  }

  document.addEventListener("vejviser:page", start); // another page stands in place of this one
  start();
})();
