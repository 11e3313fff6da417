// The line to the guide, as bad as it may be: what is said goes again under its id until an answer has come, the page
// is fetched without being left, a lost connection is said, and the tabs of one chat hear of each other.
(() => {
  "use strict";
  const PAUSES = [1000, 3000]; // ms until a lost request goes again
  const LIMITS = [15000, 30000, 30000]; // ms until a request counts as lost: the first, and each after it
  const ONCE = 30000, UPLOAD = 600000; // ms until a form counts as lost, and one with a file
  const CALM = 700; // ms that a connection is gone, or back, before it is said
  const AWAY = 600000; // ms after which somebody who looks at the page again may find a chat that has ended
  const page = document.documentElement;
  const tabs = window.BroadcastChannel && new BroadcastChannel("vejviser");
  let unanswered = null; // what was said and has no answer, though the guide may have heard it
  let here = null; // what chat.js tells of the page that is shown
  let stale = false; // it may not be the newest any more
  let left = Date.now(); // when it was last out of sight
  let chat = window.vejviserFrame ? null : ""; // whose tabs hear of each other: a browser's; in a frame, a token's

  // Null where the answer was lost on the way: also one that breaks off, never ends, or is not the guide's.
  async function once(address, options, limit, read) {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), limit);
    try {
      const response = await fetch(address, { ...options, signal: late.signal });
      return { ok: response.ok, status: response.status, url: response.url, reply: await read(response) };
    } catch (lost) {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  async function ask(address, options, read, onLost) {
    for (let lost = 0; ; lost += 1) {
      const answer = await once(address, options, LIMITS[lost], read);
      if (answer || lost === PAUSES.length) return answer;
      onLost();
      await new Promise((done) => setTimeout(done, PAUSES[lost]));
    }
  }

  // What may have been heard although no answer came goes again under the same id, so that the guide hears it once.
  function bodyOf(said) {
    const key = JSON.stringify(said);
    if (!unanswered || unanswered.key !== key) {
      unanswered = { key, body: JSON.stringify({ id: crypto.randomUUID(), ...said }) };
    }
    return unanswered.body;
  }

  const forget = () => (unanswered = null);

  // The answer to what was said, or null where the line stays lost; then the same words may be said again.
  async function say(said, onLost) {
    const sent = { method: "POST", headers: { "Content-Type": "application/json" }, body: bodyOf(said) };
    const answer = await ask("/api/chat/messages", sent, (response) => response.json(), onLost);
    if (answer && answer.status < 500) forget();
    return answer;
  }

  // A form goes once: only a message has an id under which it may go again.
  const submit = (address, body, read) =>
    once(address, { method: "POST", body }, body instanceof FormData ? UPLOAD : ONCE, read);

  // The page as the guide has it now, or null.
  async function fetchPage(onLost) {
    const answer = await ask("/", {}, (response) => response.text(), onLost);
    return answer && answer.ok && /<\/html>\s*$/.test(answer.reply) ? answer.reply : null;
  }

  // The page as it is by now, once somebody looks at it who says nothing meanwhile.
  async function look() {
    if (!stale || document.hidden || !here.isAtRest()) return;
    stale = false;
    const before = here.turns();
    const html = await fetchPage(() => {});
    if (html && here.turns() === before) return here.show(html);
    stale = true;
    if (html) look();
  }

  function notice(isStale) {
    stale = isStale;
    look();
  }

  // A page in place of the one that is shown, without going anywhere: a bad line would leave nothing to look at.
  function show(html, hash) {
    const next = new DOMParser().parseFromString(html, "text/html");
    const { lang, dir } = next.documentElement;
    Object.assign(page, { lang, dir });
    document.title = next.title;
    document.body.replaceChildren(...next.body.childNodes);
    history.replaceState(null, "", "/" + hash);
    document.dispatchEvent(new Event("vejviser:page"));
  }

  // To the other tabs of the same chat: "changed", "anew" where another one took its place, or "gone".
  function tell(what) {
    if (tabs && chat !== null) tabs.postMessage({ chat, what });
  }

  // From here on this frame shows the chat of a token; of another one there is nothing left. Whether it is another.
  function join(token) {
    const isOther = chat !== token;
    if (isOther) tell("gone");
    chat = token;
    return isOther;
  }

  // `shown`: isAtRest, turns, show, hearOfTab, hearOfConnection.
  function watch(shown) {
    let told = true, timer;
    here = shown;
    if (tabs) tabs.addEventListener("message", ({ data }) => {
      if (data.chat !== chat) return;
      here.hearOfTab(data.what);
      notice(true);
    });
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(() => told !== navigator.onLine && here.hearOfConnection((told = navigator.onLine)), CALM);
    };
    ["online", "offline"].forEach((event) => addEventListener(event, soon));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) left = Date.now();
      else notice(stale || Date.now() - left > AWAY);
    });
  }

  // The second tap of a double tap may meet another button, which the answer to the first has put in its place.
  document.addEventListener("click", (event) => {
    if (event.detail > 1 && event.target.closest("form button")) event.preventDefault();
  });

  const line = { say, forget, submit, fetchPage, show, look, notice, tell, join, watch };
  window.vejviser = { ...window.vejviser, line };
})();
