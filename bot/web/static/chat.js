// Sends messages without loading the page anew. All of it works without this script too: where a browser lacks
// something that is needed here, the forms stay as they are.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const page = document.documentElement;
  const frame = window.vejviserFrame; // in the frame on another site's page: embed.js
  const { draw, drawAnswers, inside, line } = window.vejviser; // drawing.js, line.js
  let main, log, answers, write, field, words; // of the page that is shown
  const SLOW = 400; // ms until the page says that it waits
  let kept = null; // what was said and could not be sent: { said, text, own, place, byButton }
  let turns = 0; // how often something was said, or another page shown
  let acted = false; // embed.js has sent a form
  let connected = true;

  // A chosen language and a deleted chat take this page's place, so that Back, after leaving fast, finds no chat.
  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (/\/(say|outcome)(\?|$)/.test(form.action)) return; // how it went is answered by a page, not by a new address
    const large = form.querySelector("[data-largest]");
    const sends = !large || fits(large);
    if (frame && sends) return (acted = true); // embed.js sends it
    event.preventDefault();
    if (!sends || isBusy()) return;
    main.classList.add("busy");
    const { name, value } = submitter;
    const fields = new FormData(form);
    if (name) fields.append(name, value);
    const body = form.enctype.startsWith("multipart") ? fields : new URLSearchParams(fields);
    const goesBack = form.id === "back";
    const response = await line.submit(form.action, body, (given) => (goesBack ? given.text() : null));
    if (response && response.ok) return arrive(form, response);
    main.classList.remove("busy");
    if (!response && write && able) return tellOfLine(words.offline);
    if (name) form.append(Object.assign(inside("input"), { type: "hidden", name, value }));
    form.submit();
  });

  function arrive(form, { reply, url }) {
    const [did] = /[a-z]+$/.exec(new URL(form.action).pathname) || [];
    if (did === "delete") line.tell("gone");
    if (did === "start") line.tell("anew");
    if (did === "back") line.tell("changed");
    if (!reply || !showAnew(reply)) location.replace(url);
  }

  // Said before a large file has gone over a slow line for nothing.
  function fits(field) {
    const [file] = field.files;
    const problem = file && file.size > Number(field.dataset.largest) ? field.dataset.tooLarge : "";
    field.setCustomValidity(problem);
    field.reportValidity();
    field.addEventListener("change", () => field.setCustomValidity(""), { once: true });
    return !problem;
  }

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
    if (!event.repeat) send(null);
  }

  const isBusy = () => main.classList.contains("busy");

  // What could not be sent goes before what is written after it; a button that is pressed instead takes its place.
  async function send(button) {
    if (isBusy()) return;
    if (kept && button) takeBack();
    else if (kept && (!(await deliver(kept)) || !write || !field.value.trim())) return;
    const text = button ? button.textContent.trim() : field.value;
    const said = button ? { button: button.value } : { text };
    if (!button) field.value = "";
    deliver({ said, text, place: countMessages(), own: showOwn(text), byButton: Boolean(button) });
  }

  const countMessages = () => log.querySelectorAll(".message").length;

  // Whether it was answered. What was lost stands in the log until it is sent again or taken back.
  async function deliver(message) {
    const asked = main;
    turns += 1;
    kept = null;
    asked.classList.add("busy");
    say("");
    tellOfLine("");
    try {
      return await hear(await waitingFor((onLost) => line.say(message.said, onLost)), message, asked);
    } finally {
      asked.classList.remove("busy");
      line.look();
    }
  }

  async function waitingFor(ask) {
    const waiting = byId("waiting");
    const timer = setTimeout(() => (waiting.textContent = words.waiting), SLOW);
    const response = await ask(() => {
      clearTimeout(timer);
      waiting.textContent = words.trying;
    });
    clearTimeout(timer);
    waiting.textContent = "";
    return response;
  }

  async function hear(response, message, asked) {
    const isLost = !response || response.status >= 500;
    if (main !== asked && !isLost) return !line.notice(true); // in a frame another page may stand here by now
    if (main === asked && !write) return true; // deleted in another tab
    if (isLost) return keep(message, response && response.reply.detail);
    if (response.status === 401) return finish(words.ended);
    if (!response.ok) return refuse(response.reply.detail, message);
    return (await answer(response.reply, message)) || keep(message);
  }

  function keep(message, problem) {
    if (message.text.trim()) kept = message;
    if (!write) return false;
    if (kept) showKept();
    tellOfLine(problem || words.unsent);
    return false;
  }

  function showKept() {
    if (!kept.own.isConnected) kept = { ...kept, place: countMessages(), own: showOwn(kept.text) };
    kept.own.classList.add("unsent");
    byId("unsent").hidden = false;
  }

  function takeBack() {
    const { own, said, text } = kept;
    kept = null;
    drop(own);
    tellOfLine("");
    if (said.text) field.value = [text, field.value].filter(Boolean).join("\n");
  }

  function mend() {
    const { button } = kept.said;
    takeBack();
    (button ? answers.querySelector("button") : field).focus();
    line.look();
  }

  function drop(own) {
    if (own) own.remove();
    byId("unsent").hidden = true;
  }

  // Of a text one sees what to mend; a button is refused where the chat has gone on in another tab.
  async function refuse(problem, { said, text, own }) {
    drop(own);
    if (said.button) {
      await renew();
      if (write) tellOfLine(problem);
      return false;
    }
    say(problem || words.offline);
    field.value = [text, field.value].filter(Boolean).join("\n");
    field.setAttribute("aria-invalid", "true");
    field.focus();
    return false;
  }

  async function answer(reply, { own, place, byButton }) {
    if (reply.ended) return finish(words.deleted);
    line.tell("changed");
    const [first] = reply.messages;
    const follows = first && first.id === "m" + (place + 1); // else more was said in another tab, or taken back
    if (!follows || reply.lang !== page.lang || reply.messages.some(needsPage)) return renew();
    byId("unsent").hidden = true;
    const fresh = reply.messages.filter((message) => message.from === "guide").map(draw);
    log.append(...fresh);
    if (own) own.classList.remove("pending", "unsent");
    drawAnswers(answers, reply.messages);
    offerBack(reply);
    if (byButton && fresh.length) fresh[0].focus({ preventScroll: true });
    else if (!byButton && matchMedia("(pointer: fine)").matches) field.focus({ preventScroll: true });
    show(own && own.offsetHeight < innerHeight / 3 ? own : fresh[0]);
    return true;
  }

  function offerBack({ back, messages }) {
    const form = byId("back");
    form.hidden = !back;
    if (messages.length) form.elements.seen.value = Number(messages[messages.length - 1].id.slice(1)) + 1;
  }

  // The page draws digits that the server has hidden, links, a report that is read back; and shows no more of one that has ended.
  const needsPage = ({ reply }) => /^utter_(number_hidden|slip|deadline$|rules|own_|receipt_|report_(review|receipt|paused|cancelled))/.test(reply);

  // The whole page speaks the new language, or shows what is hidden, so it is fetched anew; whether it came.
  async function renew() {
    const asked = main;
    const html = await waitingFor(line.fetchPage);
    return Boolean(html) && (main !== asked || showAnew(html));
  }

  // What is being written stays, and so does what could not be sent.
  function showAnew(html) {
    const text = write ? field.value : "";
    const writes = document.activeElement === field;
    (frame || line).show(html, "#newest");
    if (write) field.value = text;
    if (write && writes) field.focus({ preventScroll: true });
    return true;
  }

  function hearOfTab(what) {
    if (write && what === "gone") finish(words.deleted);
    if (write && what === "anew") {
      kept = null;
      field.value = "";
    }
    const isPicker = !write && !frame && document.querySelector("main > [action='/start']");
    if (isPicker && what !== "gone") location.replace("/");
  }

  function tellOfLine(text) {
    const told = byId("line"), said = text || (connected ? "" : words.offline);
    if (told.textContent !== said) told.textContent = said;
  }

  function hearOfConnection(isThere) {
    connected = isThere;
    if (write) tellOfLine(isThere ? words.online : "");
    line.look();
  }

  function say(problem) {
    byId("problem").textContent = problem;
    byId("problem").scrollIntoView({ block: "nearest" });
    field.removeAttribute("aria-invalid");
  }

  // Nothing of the chat stays here, nor in other tabs.
  function finish(text) {
    line.tell("gone");
    kept = write = null;
    const anew = Object.assign(inside("a", words.anew), { href: "/" });
    log.replaceChildren(Object.assign(inside("p", text, " ", anew), { className: "notice" }));
    document.querySelectorAll(".tools, .skip, #unsent, #line, #answers, #write").forEach((gone) => gone.remove());
    anew.focus();
    return true;
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
    turns += 1;
    if (frame ? line.join(frame.chat()) : !write) kept = null;
    if (!write || !able) return;
    if (acted) line.tell("changed");
    acted = false;
    line.notice(false);
    field.addEventListener("keydown", onKey);
    byId("again").addEventListener("click", () => isBusy() || deliver({ ...kept, byButton: true }));
    byId("take-back").addEventListener("click", () => isBusy() || mend());
    if (location.hash === "#newest") byId("newest").focus({ preventScroll: true });
    if (log.children.length > 1) show(byId("newest"));
    if (kept) standAgain();
    if (!connected) tellOfLine("");
  }

  // On a page that was fetched anew what could not be sent stands again, unless the guide has heard it.
  function standAgain() {
    const there = log.querySelectorAll(".message")[kept.place];
    const heard = there && there.querySelector("[data-part=text]").textContent === kept.text.trim();
    if (!heard) return keep(kept);
    kept = null;
    line.forget();
  }

  document.addEventListener("vejviser:page", start); // another page stands in place of this one
  const isAtRest = () => Boolean(write) && !isBusy();
  if (able) line.watch({ isAtRest, turns: () => turns, show: showAnew, hearOfTab, hearOfConnection });
  start();
})();
