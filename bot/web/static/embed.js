// The guide in a frame on another site's page, where browsers keep cookies back. The session's token lies in the
// frame's own storage and goes along in a header (bot/web/embed.py), and each page is fetched and shown in place of
// the one before, because a browser that goes somewhere by itself sends no header.
(() => {
  "use strict";
  const KEY = "vejviser-session", SESSION = "Vejviser-Session", NEXT = "Vejviser-Location", NONE = "none";
  const { hosts, lost } = document.currentScript.dataset;
  const page = document.documentElement;
  const LEAVE = 300; // ms until the frame leaves by itself, where the page around it does not
  let token = NONE; // where the browser gives a frame no storage, a chat lives until the page around is loaded anew
  let host = null; // origin of the page around, once it has said who it is
  let newest = 0; // the page that was asked for last is the one that is shown

  if (parent === window) return location.replace("/" + location.search); // opened by itself: the page, with its cookie
  try {
    token = sessionStorage.getItem(KEY) || NONE;
  } catch (closed) {}

  function keep(given) {
    token = given;
    try {
      if (given === NONE) sessionStorage.removeItem(KEY);
      else sessionStorage.setItem(KEY, given);
    } catch (closed) {}
  }

  // Every request of the frame, whichever script makes it. `omit`: no cookie goes, and none would be taken. A page
  // without a chat goes on in the language that is shown, which is that of the page around and not the browser's.
  const plain = window.fetch.bind(window);
  window.fetch = async (address, options = {}) => {
    const headers = new Headers(options.headers);
    headers.set(SESSION, token);
    headers.set("Accept-Language", page.lang);
    const response = await plain(address, { ...options, headers, credentials: "omit" });
    if (response.headers.has(SESSION)) keep(response.headers.get(SESSION));
    return response;
  };

  // To the page around: in its header of the panel, it says Close and Leave in the language of the chat.

  function tell(what) {
    if (host) parent.postMessage({ vejviser: what, lang: page.lang, dir: page.dir }, host);
  }

  addEventListener("message", ({ source, origin, data }) => {
    if (source !== parent || !hosts.split(" ").includes(origin) || !data || data.vejviser !== "hello") return;
    host = origin;
    tell("page");
    if (document.activeElement === document.body) find(location.hash);
  });

  window.vejviserFrame = {
    go,
    close: () => tell("close"),
    leave(address) {
      tell("leave");
      setTimeout(() => top.location.replace(address), LEAVE);
    },
  };

  // Pages

  async function go(address, options) {
    const asked = ++newest;
    const main = document.getElementById("main");
    main.classList.add("busy");
    const response = await fetch(address, options).catch(() => null);
    const next = response && response.headers.get(NEXT);
    if (asked !== newest) return;
    if (next) return go(next);
    main.classList.remove("busy");
    page.classList.remove("resuming");
    if (!response) say(JSON.parse(lost)[page.lang]);
    else if (response.headers.has("Content-Disposition")) save(response);
    else show(await response.text(), new URL(address, location).hash);
  }

  function show(html, hash) {
    const next = new DOMParser().parseFromString(html, "text/html");
    const { lang, dir } = next.documentElement;
    Object.assign(page, { lang, dir });
    document.title = next.title;
    document.body.replaceChildren(...next.body.childNodes);
    history.replaceState(null, "", location.pathname + location.search + hash);
    scrollTo(0, 0);
    find(hash);
    document.dispatchEvent(new Event("vejviser:page"));
    tell("page");
  }

  // As after a page that the browser has loaded: to the place that was asked for, what is said of it, or its beginning.
  function find(hash) {
    const place = hash && hash !== "#main" && document.getElementById(hash.slice(1));
    const begin = place || document.querySelector("[autofocus], .notice:not(:empty), h1");
    if (!begin || !document.hasFocus()) return;
    if (begin.tabIndex < 0) begin.tabIndex = -1;
    begin.focus({ preventScroll: !place });
    if (place) place.scrollIntoView();
  }

  function say(problem) {
    const notice = document.createElement("p");
    Object.assign(notice, { className: "notice alert", textContent: problem });
    notice.setAttribute("role", "alert");
    document.querySelectorAll("#main > .notice.alert").forEach((said) => said.remove());
    document.getElementById("main").prepend(notice);
    notice.scrollIntoView({ block: "nearest" });
  }

  async function save(response) {
    const [, name] = /filename="([^"]*)"/.exec(response.headers.get("Content-Disposition")) || [];
    const address = URL.createObjectURL(await response.blob());
    Object.assign(document.createElement("a"), { href: address, download: name || "" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  }

  // What would go somewhere: pages of ours are fetched, those of others open beside the page around, calls are made.

  addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || !link.protocol.startsWith("http")) return;
    if (link.origin !== location.origin) return (link.target = "_blank");
    event.preventDefault();
    const href = link.getAttribute("href");
    if (href.startsWith("#")) find(href);
    else go(href);
  });

  addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented) return; // chat.js has sent it
    event.preventDefault();
    if (document.querySelector("#main.busy")) return;
    const fields = new FormData(form);
    if (submitter && submitter.name) fields.append(submitter.name, submitter.value);
    const body = form.enctype.startsWith("multipart") ? fields : new URLSearchParams(fields);
    go(form.action, { method: "POST", body });
  });

  if (token === NONE) return;
  page.classList.add("resuming");
  addEventListener("DOMContentLoaded", () => go("/#newest"));
})();
