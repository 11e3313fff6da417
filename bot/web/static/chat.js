// Sends messages without loading the page anew. All of it works without this script too: where a browser lacks
// something that is needed here, the forms stay as they are.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const page = document.documentElement;
  const frame = window.vejviserFrame; // in the frame on another site's page: embed.js
  let main, log, answers, write, field, words, leave; // of the page that is shown
  const SLOW = 400; // ms until the page says that it waits
  const AGAIN = 1000; // ms until a lost request is sent again
  const LOST = 30000; // ms until a request counts as lost
  let escaped = -Infinity; // when Escape was pressed: twice in a second leaves the page
  let unsent = null; // what may have arrived although no answer came: sent again under the same id

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
    const body = bodyOf(button ? { button: button.value } : { text });
    const own = showOwn(button ? button.textContent.trim() : text);
    if (!button) field.value = "";
    const asked = main;
    const response = await waitingFor(body);
    if (response) unsent = null;
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

  function bodyOf(said) {
    const key = JSON.stringify(said);
    if (!unsent || unsent.key !== key) unsent = { key, body: JSON.stringify({ id: crypto.randomUUID(), ...said }) };
    return unsent.body;
  }

  // Answers null where the connection was lost.
  async function post(body) {
    const late = new Promise((_, fail) => setTimeout(fail, LOST));
    const sent = { method: "POST", headers: { "Content-Type": "application/json" }, body };
    try {
      const response = await Promise.race([fetch("/api/chat/messages", sent), late]);
      return { ok: response.ok, status: response.status, reply: await response.json() };
    } catch (lost) {
      return null;
    }
  }

  // Sent once more where the connection was lost, under the same id, so that the guide hears it once.
  async function waitingFor(body) {
    const waiting = byId("waiting");
    main.classList.add("busy");
    say("");
    const timer = setTimeout(() => (waiting.textContent = words.waiting), SLOW);
    const response = (await post(body)) || (await new Promise((done) => setTimeout(done, AGAIN))) || (await post(body));
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
    drawAnswers(reply.messages);
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

  // The markup is copied from the page's templates, and values are put in as text only.
  const show = (element) => element && element.scrollIntoView({ block: "start" });
  const copyOf = (id) => byId(id).content.firstElementChild.cloneNode(true);

  function inside(name, ...parts) {
    const element = document.createElement(name);
    element.append(...parts);
    return element;
  }

  function showOwn(text) {
    if (!text.trim()) return null;
    const own = draw({ from: "resident", lang: page.lang, dir: page.dir, text });
    own.classList.add("pending");
    log.append(own);
    show(own);
    return own;
  }

  function draw(message) {
    const element = Object.assign(copyOf("of-" + message.from), { lang: message.lang, dir: message.dir });
    fill(element, "text", message.text);
    if (message.from === "guide") drawBeside(element, message);
    return element;
  }

  // The Danish beside what no speaker has read yet, closed; in a chat that staff began, beside everything and open.
  function drawBeside(element, { services, unchecked, danish }) {
    const beside = element.querySelector("[data-part=danish]");
    beside.open = !unchecked;
    if (!unchecked) beside.querySelector("[data-mark]").remove();
    fill(element, "danish", danish);
    if (!unchecked || danish) fill(element, "mark", "");
    fill(element, "services", services);
  }

  function fill(element, name, value) {
    const part = element.querySelector("[data-part=" + name + "]");
    const place = part.querySelector("[data-value]") || part;
    if (!value || !value.length) part.remove();
    else if (name === "services") drawCards(part, value);
    else if (name === "danish") place.replaceChildren(...paragraphs(value));
    else if (name === "mark") return;
    else if (name === "text" && part.tagName === "DIV") part.replaceChildren(...paragraphs(value));
    else if (name === "what" || name === "cost") place.append(...pieces(value));
    else if (name === "steps") place.append(...value.map((step) => inside("li", inside("bdi", ...pieces(step)))));
    else if (name === "phone") place.append(...telephones(value));
    else place.textContent = name === "url" ? link(place.parentElement, value) : value;
  }

  function drawCards(places, services) {
    const [full, folded] = places.children;
    places.replaceChildren(...services.map((service, place) => {
      const card = (place ? folded : full).cloneNode(true);
      const shown = { ...service, name_da: service.name_da === service.name ? "" : service.name_da };
      card.querySelectorAll("[data-part]").forEach(({ dataset }) => fill(card, dataset.part, shown[dataset.part]));
      card.querySelectorAll("[data-label]").forEach((label) => service[label.dataset.label] || label.remove());
      return card;
    }));
  }

  // As `short_url`, `telephones` and `pieces` in templating.py.
  function link(element, url) {
    element.href = /^https?:/.test(url) ? url : "/";
    return url.replace(/^https?:\/\/(www\.)?/, "").replace(/[?#].*/, "").replace(/\/+$/, "");
  }

  function telephones(text) {
    return text.split(/(\+?\d(?:[ \u00a0]?\d){2,})/).map((part, place) => place % 2 ? telephone(part) : part);
  }

  function telephone(number) {
    const digits = number.replace(/[^\d+]/g, "");
    const dialled = (/^\d{8}$/.test(digits) ? "+45" : "") + digits;
    return Object.assign(inside("a", number), { href: "tel:" + dialled });
  }

  function paragraphs(text) {
    return text.split("\n").filter(Boolean).map((line) => inside("p", ...pieces(line)));
  }

  const NUMBER = new RegExp(
    "(\\b\\d{4}(?: \\d{4}){4}\\b|\\b\\d{4}(?: \\d{4}){2}\\b|(?:\\+45 ?|\\b)(?:\\d\\d ?){3}\\d\\d\\b|\\b\\d\\d \\d{3} \\d{3}\\b" +
    "|\\b11[24]\\b|\\b116 ?\\d{3}\\b|\\b18\\d\\d\\b)",
  );

  function pieces(text) {
    return text.split(NUMBER).map((part, place) => {
      if (place % 2 === 0) return part;
      if (/^\d{4}(?: \d{4}){2}(?:(?: \d{4}){2})?$/.test(part)) return marked(inside("strong", part), "receipt");
      return marked(telephone(part), "number");
    });
  }

  const marked = (element, className) => Object.assign(element, { className, dir: "ltr" });

  function drawAnswers(messages) {
    const asking = messages.filter(({ buttons }) => buttons.length).reverse();
    const drawn = asking.map(({ buttons, lang }) => {
      const choices = inside("div", ...buttons.map((button) => drawAnswer(button, lang)));
      return Object.assign(choices, { className: "choices" });
    });
    answers.querySelector("[role=group]").replaceChildren(...drawn);
    answers.hidden = !drawn.length;
  }

  function drawAnswer({ id, title }, lang) {
    const own = /^language_/.test(id) ? id.slice(9) : lang;
    const className = title.startsWith("✓ ") ? "chosen" : "";
    return Object.assign(copyOf("of-answer"), { value: id, textContent: title, lang: own, className });
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
