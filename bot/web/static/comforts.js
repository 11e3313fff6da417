// What makes the chat easier: hear a message, copy it, share a place, larger text, and one tap to say that an answer was
// useful. What needs this script is drawn by it, so that without it nothing stands there that does nothing.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const page = document.documentElement;
  const speech = window.speechSynthesis;
  const { draw, inside } = window.vejviser; // drawing.js
  const SIZES = ["100", "125", "150", "200"]; // per cent; comforts.css
  const SIZE = "vejviser-size"; // where the tab keeps it: a number and nothing of what was said
  const SHOWN = 3000; // ms for which a button says what it has done
  const LATE = 250; // ms; some browsers name their voices only when they were asked, a moment later
  let heard = null; // the button whose message is read aloud
  let queue = []; // what is to be said; some browsers forget what nobody holds

  // Says it to a screen reader, once, and to everybody beside what was pressed.
  function tell(text) {
    const told = byId("told");
    told.textContent = text;
    setTimeout(() => told.textContent === text && (told.textContent = ""), SHOWN);
  }

  function note(row, text) {
    row.querySelectorAll(".note").forEach((said) => said.remove());
    if (!text) return;
    row.append(Object.assign(inside("p", text), { className: "note" }));
    tell(text);
  }

  function label(button, text) {
    const word = button.querySelector("span");
    button.dataset.word = button.dataset.word || word.textContent;
    word.textContent = text || button.dataset.word;
  }

  function done(button) {
    const { copied } = byId("told").dataset;
    label(button, copied);
    tell(copied);
    setTimeout(() => label(button), SHOWN);
  }

  // Rows under messages and on cards

  function aid(message) {
    const row = byId("of-aids").content.firstElementChild.cloneNode(true);
    const part = (name) => row.querySelector("[data-aid=" + name + "]");
    const share = part("share");
    share.remove();
    if (!speech) part("listen").remove();
    message.insertBefore(row, message.querySelector(":scope > .services, :scope > .useful"));
    message.querySelectorAll(".card").forEach((card) => {
      const place = card.querySelector(".aids") || card.insertBefore(row.cloneNode(false), card.querySelector(".state"));
      const button = (navigator.share ? share : part("copy")).cloneNode(true);
      button.dataset.aid = "share";
      place.append(button);
    });
    return message;
  }

  window.vejviser.draw = (message) => {
    const drawn = draw(message);
    if (message.useful) document.querySelectorAll(`form.useful[data-reply="${message.reply}"]`).forEach((it) => it.remove());
    return message.from === "guide" ? aid(drawn) : drawn;
  };

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-aid]");
    if (!button) return;
    note(button.parentElement, "");
    ({ listen, copy: copyMessage, share })[button.dataset.aid](button);
  });

  // Listen

  const language = (tag) => {
    const main = tag.split(/[-_]/)[0];
    try {
      return Intl.getCanonicalLocales(main)[0].split("-")[0]; // `dan` is `da`
    } catch (odd) {
      return main;
    }
  };

  // A voice of that very language, and one of this machine: others send what they read to a company.
  function voiceOf(lang) {
    const fit = speech.getVoices().filter((voice) => voice.localService && language(voice.lang) === lang);
    return fit.find((voice) => voice.default) || fit[0];
  }

  async function lateVoiceOf(lang) {
    for (let times = 0; times < 4 && !speech.getVoices().length; times++) await new Promise((go) => setTimeout(go, LATE));
    return voiceOf(lang);
  }

  async function listen(button) {
    const stops = button === heard;
    hush();
    if (stops) return;
    heard = button;
    button.classList.add("on");
    label(button, byId("told").dataset.stop);
    left.observe(page, { childList: true, subtree: true });
    const message = button.closest(".message");
    const voice = voiceOf(message.lang) || (await lateVoiceOf(message.lang));
    if (heard === button) voice ? say(message, voice) : mute();
  }

  function say(message, voice) {
    speech.cancel();
    queue = spoken(message).map((text) => Object.assign(new SpeechSynthesisUtterance(text), { voice, lang: voice.lang }));
    const mine = queue;
    mine.forEach((part) => (part.onerror = () => mine === queue && mute()));
    if (mine.length) mine[mine.length - 1].onend = () => mine === queue && hush();
    mine.forEach((part) => speech.speak(part));
  }

  function mute() {
    const row = heard.parentElement;
    hush();
    note(row, byId("told").dataset.noVoice);
  }

  function hush() {
    if (!heard) return;
    const button = heard;
    heard = null;
    queue = [];
    left.disconnect();
    speech.cancel();
    button.classList.remove("on");
    label(button);
  }

  // As soon as the page is left, even if the next one does not come yet, and when the panel around the frame closes.
  const left = new MutationObserver(() => heard && !heard.isConnected && hush());
  addEventListener("pagehide", hush);
  document.addEventListener("visibilitychange", () => document.hidden && hush());
  addEventListener("message", ({ source, data }) => source === parent && data && data.vejviser === "closed" && hush());

  // What is in sight and in the message's own language, sentence by sentence; numbers digit by digit.
  const TEXT = "p, li, h3, h4, dt, dd";
  const SILENT = ".hidden, .aids, .useful, details:not([open]), [data-part=name_da], [data-part=address], [data-part=url]";

  function spoken(message) {
    const texts = [...message.querySelectorAll(TEXT)].filter((it) => !it.querySelector(TEXT) && !it.closest(SILENT));
    return texts.filter((it) => it.closest("[lang]").lang === message.lang).map((it) => {
      const read = it.cloneNode(true);
      read.querySelectorAll("a[href^='tel:'], .receipt").forEach((number) => {
        number.textContent = [...number.textContent.replace(/[^\d+]/g, "")].join(" ");
      });
      return read.textContent.replace(/[\u2066-\u2069]/g, "").trim();
    }).filter(Boolean);
  }

  // Copy and share

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch (refused) {
      return copyByHand(text);
    }
  }

  function copyByHand(text) {
    const focused = document.activeElement;
    const field = Object.assign(inside("textarea"), { value: text, className: "hidden", readOnly: true });
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    focused.focus({ preventScroll: true });
    return copied;
  }

  async function copyFor(button, text) {
    if (await copy(text)) done(button);
    else note(button.parentElement, byId("told").dataset.notCopied);
  }

  const WRITTEN = ":scope > .said, :scope > .review > div, :scope > .rule, :scope > blockquote";

  function copyMessage(button) {
    const message = button.closest(".message");
    const texts = [...message.querySelectorAll(WRITTEN)].map((it) => it.innerText.trim());
    return copyFor(button, [...texts, ...[...message.querySelectorAll(".card")].map(cardText)].join("\n\n"));
  }

  // A number is marked as one that runs from left to right, or its groups change places where text does not.
  function cardText(card) {
    const part = (name) => card.querySelector("[data-part=" + name + "] [data-value]");
    const texts = ["name", "name_da", "phone", "address"].map((name) => {
      const text = part(name) ? part(name).textContent.trim() : "";
      return name === "phone" && text ? "\u2066" + text + "\u2069" : text;
    });
    const link = card.querySelector("[data-part=url] a");
    return [...texts, link ? link.href : ""].filter(Boolean).join("\n");
  }

  async function share(button) {
    const card = button.closest(".card");
    const text = cardText(card);
    try {
      if (navigator.share) return await navigator.share({ text });
    } catch (refused) {
      if (refused.name === "AbortError") return; // they thought better of it
    }
    copyFor(button, text);
  }

  // Larger text

  function enlarge() {
    page.dataset.size = SIZES[(SIZES.indexOf(page.dataset.size) + 1) % SIZES.length];
    try {
      sessionStorage.setItem(SIZE, page.dataset.size);
    } catch (closed) {} // then until the page is loaded anew
    showSize();
    tell(percent());
  }

  function percent() {
    const format = { style: "percent", numberingSystem: "latn" };
    return (Number(page.dataset.size) / 100).toLocaleString(page.lang, format);
  }

  function showSize() {
    const button = byId("size");
    if (!button) return;
    const { size } = page.dataset;
    button.querySelector("bdi").textContent = size === SIZES[0] ? "" : percent();
    const word = button.querySelector(".hidden");
    button.dataset.larger = button.dataset.larger || word.textContent;
    word.textContent = size === SIZES[SIZES.length - 1] ? button.dataset.normal : button.dataset.larger;
  }

  // Was this useful? Before other scripts, which would load a page for it.

  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (!form.matches("form.useful") || !submitter) return;
    event.preventDefault();
    event.stopPropagation();
    sayUseful(form, submitter.value);
  }, true);

  async function sayUseful(form, said) {
    if (form.classList.contains("busy")) return;
    form.classList.add("busy");
    const body = new URLSearchParams({ message: form.elements.message.value, said });
    const sent = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
    form.classList.remove("busy");
    const { thanks, failed } = byId("told").dataset;
    if (sent && sent.status === 401) return note(form, byId("main").dataset.ended);
    if (!sent || !(sent.ok || sent.type === "opaqueredirect")) return note(form, failed);
    const thanked = Object.assign(inside("p", thanks), { className: "useful", tabIndex: -1 });
    form.replaceWith(thanked);
    thanked.focus({ preventScroll: true });
  }

  function start() {
    if (speech) speech.getVoices(); // so that they are there when they are asked for
    if (!page.dataset.size) page.dataset.size = kept();
    showSize();
    const size = byId("size");
    if (size) size.addEventListener("click", enlarge);
    if (byId("of-aids")) document.querySelectorAll("#log > .guide").forEach(aid);
  }

  function kept() {
    try {
      return sessionStorage.getItem(SIZE) || SIZES[0];
    } catch (closed) {
      return SIZES[0];
    }
  }

  document.addEventListener("vejviser:page", start); // embed.js shows another page in place of this one
  start();
})();
