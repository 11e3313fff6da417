// Before the first picture of a page that shows what somebody told: whether it may be shown, and how large.
(() => {
  const kept = (name) => {
    try {
      return sessionStorage.getItem(name);
    } catch (closed) {
      return "";
    }
  };
  document.documentElement.dataset.size = kept("vejviser-size") || "100";

  // Who left fast (leave.js) and comes by Back is led away again; who comes in any other way wants to be here.
  const left = kept("vejviser-left");
  if (!left) return;
  const [way] = performance.getEntriesByType("navigation");
  if (way && way.type === "back_forward") {
    document.documentElement.hidden = true;
    location.replace(left);
  } else sessionStorage.removeItem("vejviser-left");
})();
