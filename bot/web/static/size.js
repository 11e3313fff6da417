// Before the first picture of a chat, so that nothing jumps: the size of text that was chosen in this tab (comforts.js).
(() => {
  let size = "";
  try {
    size = sessionStorage.getItem("vejviser-size");
  } catch (closed) {}
  document.documentElement.dataset.size = size || "100";
})();
