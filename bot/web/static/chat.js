// Sends messages without loading the page anew. All of it works without this script too: where a browser lacks
// something that is needed here, the forms stay as they are.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const page = document.documentElement;
  const frame = window.vejviserFrame; // in the frame on another site's page: embed.js
  const { draw, drawAnswers, inside, line } = window.vejviser; // drawing.js, line.js
  let main, log, answers, write, field, words, leave; // of the page that is shown
  const SLOW = 400; // ms until the page says that it waits
  let escaped = -Infinity; // when Escape was pressed: twice in a second leaves the page

  // Nothing stays on the screen while the other page loads, and that page takes this one's place in the history.
  function goAway() {
    document.body.textContent = "";
    document.title = "";
    if (frame) frame.leave(leave.href);
    else location.replace(leave.href);
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || event.repeat) return;
    if (event.timeStamp - escaped < 1000) goAway();
    else if (frame) frame.close();
    escaped = event.timeStamp;
  });

  // A chosen language and a deleted chat take this page's place, so that Back, after leaving fast, finds no chat.
  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (/\/(say|outcome)(\?|$)/.test(form.action)) return; // how it went is answered by a page, not by a new address
    const large = form.querySelector("[data-largest]");
    const sends = !large || fits(large);
    if (frame && sends) return; // embed.js sends it
    event.preventDefault();
    if (!sends) return;
    const { name, value } = submitter;
    if (name) form.append(Object.assign(inside("input"), { type: "hidden", name, value }));
    const fields = new FormData(form);
    const body = form.enctype.startsWith("multipart") ? fields : new URLSearchParams(fields);
    const sent = fetch(form.action, { method: "POST", body });
    const response = await sent.catch(() => null);
    if (response && response.ok) location.replace(response.url);
    else form.submit();
  });

  // Said before a large file has gone over a slow line for nothing.
  function fits(field) {
    const [file] = field.files;
    const problem = file && file.size > Number(field.dataset.largest) ? field.dataset.tooLarge : "";
    field.setCustomValidity(problem);
    field.reportValidity();
    field.addEventListener("change", () => field.setCustomValidity(""), { once: true });
    return !problem;
  }

  // A page out of the browser's memory may show a chat that is deleted.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());

  const able = Boolean(crypto.randomUUID); // a browser that has this (2022, over https) has all that follows

  document.addEventListener("submit", (event) => {
    if (!write || !able || !event.target.action.endsWith("/say")) return;
    const button = event.target === write ? null : event.submitter;
    if (button && !button.value) return;
    event.preventDefault();
    send(button);
  });

  function onKey(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send(null);
  }

  async function send(button) {
    if (main.classList.contains("busy")) return;
    const text = field.value;
    const own = showOwn(button ? button.textContent.trim() : text);
    if (!button) field.value = "";
    const asked = main;
    const response = await waitingFor(line.say(button ? { button: button.value } : { text }));
    if (main !== asked) return; // in a frame another page may stand here by now
    if (response && response.ok) return answer(response.reply, own, button);
    if (response && response.status === 401) return finish(words.ended);
    if (own) own.remove();
    say(response ? response.reply.detail : words.offline);
    if (button) return;
    field.value = text + field.value;
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }

  async function waitingFor(said) {
    const waiting = byId("waiting");
    main.classList.add("busy");
    say("");
    const timer = setTimeout(() => (waiting.textContent = words.waiting), SLOW);
    const response = await said;
    clearTimeout(timer);
    waiting.textContent = "";
    main.classList.remove("busy");
    return response;
  }

  function answer(reply, own, button) {
    if (reply.ended) return finish(words.deleted);
    if (reply.lang !== page.lang || reply.messages.some(needsPage)) return reload();
    const fresh = reply.messages.filter((message) => message.from === "guide").map(draw);
    log.append(...fresh);
    if (own) own.classList.remove("pending");
    drawAnswers(answers, reply.messages);
    if (button && fresh.length) fresh[0].focus({ preventScroll: true });
    else if (!button && matchMedia("(pointer: fine)").matches) field.focus({ preventScroll: true });
    show(own && own.offsetHeight < innerHeight / 3 ? own : fresh[0]);
  }

  // The page draws digits that the server has hidden, links, a report that is read back; and shows no more of one that has ended.
  const needsPage = ({ reply }) => /^utter_(number_hidden|slip|deadline$|rules|own_|receipt_|report_(review|receipt|paused|cancelled))/.test(reply);

  // The whole page speaks the new language, or shows what is hidden, so it is fetched anew.
  function reload() {
    if (frame) return frame.go("/#newest");
    history.replaceState(null, "", "/#newest");
    history.scrollRestoration = "manual";
    location.reload();
  }

  function say(problem) {
    byId("problem").textContent = problem;
    byId("problem").scrollIntoView({ block: "nearest" });
    field.removeAttribute("aria-invalid");
  }

  function finish(text) {
    const anew = Object.assign(inside("a", words.anew), { href: "/" });
    log.replaceChildren(Object.assign(inside("p", text, " ", anew), { className: "notice" }));
    document.querySelectorAll(".tools, .skip, #answers, #write").forEach((gone) => gone.remove());
    anew.focus();
  }

  const show = (element) => element && element.scrollIntoView({ block: "start" });

  function showOwn(text) {
    if (!text.trim()) return null;
    const own = draw({ from: "resident", lang: page.lang, dir: page.dir, text });
    own.classList.add("pending");
    log.append(own);
    show(own);
    return own;
  }

  function start() {
    [main, log, answers, write, field] = ["main", "log", "answers", "write", "text"].map(byId);
    words = main.dataset;
    leave = document.querySelector(".leave");
    leave.addEventListener("click", (event) => {
      event.preventDefault();
      goAway();
    });
    document.querySelectorAll("[data-print]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => print());
    });
    if (!write || !able) return;
    field.addEventListener("keydown", onKey);
    if (location.hash === "#newest") byId("newest").focus({ preventScroll: true });
    if (log.children.length > 1) show(byId("newest"));
  }

  document.addEventListener("vejviser:page", start); // embed.js shows another page in place of this one
  start();
})();
