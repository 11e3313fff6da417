// The guide in a frame on another site's page, where browsers keep cookies back. The session's token lies in the
// frame's own storage and goes along in a header (bot/web/embed.py), and each page is fetched and shown in place of
// the one before, because a browser that goes somewhere by itself sends no header.
(() => {
  "use strict";
  const KEY = "vejviser-session", SESSION = "Vejviser-Session", NEXT = "Vejviser-Location", NONE = "none";
  const { hosts, lost } = document.currentScript.dataset;
  const page = document.documentElement;
  const LEAVE = 300; // ms until the frame leaves by itself, where the page around it does not
  const AGAIN = [0, 1000, 2000]; // ms before a page is asked for, and asked for again
  const LOST = 30000, UPLOAD = 600000; // ms until a request counts as lost, and one with a file
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
    show,
    chat: () => (token === NONE ? null : token),
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
    const came = await load(address, options);
    if (asked !== newest) return;
    if (came && came.next) return go(came.next);
    main.classList.remove("busy");
    page.classList.remove("resuming");
    if (!came) say(JSON.parse(lost)[page.lang], options ? "" : address);
    else if (came.saved) save(came.saved, came.name);
    else show(came.html, new URL(address, location).hash);
  }

  // A page is asked for again where it was lost on the way; a form goes once.
  async function load(address, options) {
    for (const pause of options ? [0] : AGAIN) {
      await new Promise((done) => setTimeout(done, pause));
      const came = await once(address, options);
      if (came) return came;
    }
    return null;
  }

  async function once(address, options = {}) {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), options.body instanceof FormData ? UPLOAD : LOST);
    try {
      const response = await fetch(address, { ...options, signal: late.signal });
      const [next, name] = [NEXT, "Content-Disposition"].map((header) => response.headers.get(header));
      return next ? { next } : name ? { name, saved: await response.blob() } : { html: await response.text() };
    } catch (broken) {
      return null;
    } finally {
      clearTimeout(timer);
    }
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

  // A page that was lost is a link. Where a chat could not be shown no other is begun, which would end it.
  function say(problem, address) {
    const notice = document.createElement("p");
    const link = Object.assign(document.createElement("a"), { href: address, textContent: problem });
    const text = address ? link : problem;
    notice.className = "notice alert";
    notice.append(text);
    notice.setAttribute("role", "alert");
    if (token !== NONE) document.querySelectorAll("#main > [action='/start']").forEach((form) => form.remove());
    document.querySelectorAll("#main > .notice.alert").forEach((said) => said.remove());
    document.getElementById("main").prepend(notice);
    notice.scrollIntoView({ block: "nearest" });
    if (document.activeElement === document.body) find("");
  }

  function save(saved, disposition) {
    const [, name] = /filename="([^"]*)"/.exec(disposition) || [];
    const address = URL.createObjectURL(saved);
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
