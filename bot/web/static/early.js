// Before the first picture of a page that shows what somebody told: whether it may be shown, how large, in which letters.
(() => {
  const kept = (name) => {
    try {
      return sessionStorage.getItem(name);
    } catch (closed) {
      return "";
    }
  };
  const page = document.documentElement;
  page.dataset.size = kept("vejviser-size") || "100";

  // Urdu's letters (page.css) come once the page stands: 200 kB would hold up its first picture.
  page.dataset.letters = "later";
  addEventListener("load", () => setTimeout(() => delete page.dataset.letters));

  // Who left fast (leave.js) and comes by Back is led away again; who comes in any other way wants to be here.
  const left = kept("vejviser-left");
  if (!left) return;
  const [way] = performance.getEntriesByType("navigation");
  if (way && way.type === "back_forward") {
    page.hidden = true;
    location.replace(left);
  } else sessionStorage.removeItem("vejviser-left");
})();
