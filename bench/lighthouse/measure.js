// `npm ci && npm run measure -- http://127.0.0.1:8000 [language]`: Lighthouse on the picker, the guide's own pages and
// a conversation, as a phone on its simulated slow 4G; prints scores and what was found. The chat must be running.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const KINDS = ["performance", "accessibility", "best-practices"];
const GOOD = 95;

async function send(site, path, fields, cookie) {
  const body = new URLSearchParams({ id: crypto.randomUUID(), ...fields });
  const headers = cookie ? { Cookie: cookie } : {};
  const answer = await fetch(site + path, { method: "POST", body, headers, redirect: "manual" });
  if (answer.status !== 303) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

async function conversation(site, lang) {
  const begun = await send(site, "/start", { lang });
  const cookie = begun.headers.get("set-cookie").split(";")[0];
  for (const button of ["need_danish_start", "residence_family"]) await send(site, "/say", { button }, cookie);
  return cookie;
}

async function look(browser, url, cookie) {
  const extraHeaders = cookie ? { Cookie: cookie } : undefined;
  const { lhr } = await lighthouse(url, { port: browser.port, onlyCategories: KINDS, extraHeaders, logLevel: "error" });
  const found = Object.values(lhr.categories).flatMap(({ auditRefs }) => auditRefs)
    .map(({ id, weight }) => ({ ...lhr.audits[id], weight }))
    .filter(({ score, weight }) => weight > 0 && score !== null && score < 0.9);
  const scores = KINDS.map((kind) => Math.round(lhr.categories[kind].score * 100));
  const times = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time"];
  return { scores, times: times.map((id) => Math.round(lhr.audits[id].numericValue)), found };
}

const [site, lang = "da"] = process.argv.slice(2);
const browser = await launch({ chromePath: CHROMIUM, chromeFlags: ["--headless", "--no-sandbox", "--disable-gpu"] });
const cookie = await conversation(site, lang);
const pages = [[`/?lang=${lang}`], [`/was?lang=${lang}`], [`/privacy?lang=${lang}`], ["/", cookie]];
let worst = 100;
console.log("page | performance | accessibility | best practices | FCP ms | LCP ms | blocked ms");
for (const [path, session] of pages) {
  const { scores, times, found } = await look(browser, site + path, session);
  console.log([session ? "a conversation" : path, ...scores, ...times].join(" | "));
  for (const { id, title, displayValue } of found) console.log(`  ${id}: ${title} ${displayValue ?? ""}`);
  worst = Math.min(worst, ...scores);
}
await send(site, "/delete", { lang }, cookie);
await browser.kill();
process.exitCode = worst < GOOD ? 1 : 0;
