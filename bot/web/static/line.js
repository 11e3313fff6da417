// The line to the guide, as bad as it may be: a message goes again under its id until an answer has come.
(() => {
  "use strict";
  const AGAIN = 1000; // ms until a lost request is sent again
  const LOST = 30000; // ms until a request counts as lost
  let unsent = null; // what may have arrived although no answer came

  // What may have arrived although no answer came goes again under the same id, so that the guide hears it once.
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

  // The answer to what was said, or null where the line stays lost; then the same words may be said again.
  async function say(said) {
    const body = bodyOf(said);
    const response = (await post(body)) || (await new Promise((done) => setTimeout(done, AGAIN))) || (await post(body));
    if (response) unsent = null;
    return response;
  }

  window.vejviser = { ...window.vejviser, line: { say } };
})();
