// Draws messages and buttons out of the page's own templates, so that there is one markup only; values are put in as
// text only.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const copyOf = (id) => byId(id).content.firstElementChild.cloneNode(true);

  function inside(name, ...parts) {
    const element = document.createElement(name);
    element.append(...parts);
    return element;
  }

  function draw(message) {
    const element = Object.assign(copyOf("of-" + message.from), { lang: message.lang, dir: message.dir });
    fill(element, "text", message.text);
    if (message.from === "guide") drawBeside(element, message);
    return element;
  }

  // The Danish beside what no speaker has read yet, closed; in a chat that staff began, beside everything and open.
  function drawBeside(element, message) {
    const { services, unchecked, danish } = message;
    const beside = element.querySelector("[data-part=danish]");
    beside.open = !unchecked;
    if (!unchecked) beside.querySelector("[data-mark]").remove();
    fill(element, "danish", danish);
    if (!unchecked || danish) fill(element, "mark", "");
    fill(element, "services", services);
    drawUseful(element.querySelector("[data-part=useful]"), message);
  }

  function fill(element, name, value) {
    const part = element.querySelector("[data-part=" + name + "]");
    const place = part.querySelector("[data-value]") || part;
    if (!value || !value.length) part.remove();
    else if (name === "services") drawCards(part, value);
    else if (name === "maps") part.replaceChildren(...value.map((where) => drawMap(part.firstElementChild, where, value)));
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

  function drawUseful(form, { id, reply, useful }) {
    if (useful !== "ask") return form.remove();
    form.id = "useful-" + id;
    form.dataset.reply = reply;
    form.elements.message.value = id;
  }

  function drawMap(link, where, { length }) {
    const map = link.cloneNode(true);
    map.href = map.href.replace(/=.*/, "=" + encodeURIComponent(where));
    map.querySelector("bdi").textContent = where;
    map.querySelector("bdi").parentElement.classList.toggle("hidden", length === 1);
    return map;
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

  // The buttons of the newest question and of those before it that are still open, into the form that sends them.
  function drawAnswers(answers, messages) {
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

  window.vejviser = { ...window.vejviser, draw, drawAnswers, inside };
})();
