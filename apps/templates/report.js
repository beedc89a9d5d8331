(() => {
  "use strict";
  const root = document.documentElement;
  const buttons = document.querySelectorAll("[data-set-lang]");
  const speak = (lang) => {
    root.dataset.lang = lang;
    root.lang = lang === "en" ? "en" : "zh-CN";
    buttons.forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.setLang === lang)));
  };
  buttons.forEach((b) => b.addEventListener("click", () => speak(b.dataset.setLang)));
  speak(root.dataset.lang);

  const mates = (key) => document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`);
  const light = (key, on) => mates(key).forEach((n) => n.classList.toggle("lit", on));
  document.querySelectorAll("[data-key]").forEach((node) => {
    const key = node.dataset.key;
    node.addEventListener("mouseenter", () => light(key, true));
    node.addEventListener("mouseleave", () => light(key, false));
    node.addEventListener("click", () => {
      const other = [...mates(key)].find((n) => n.tagName !== node.tagName);
      if (other) other.scrollIntoView({ behavior: "smooth", block: "nearest", inline: "nearest" });
    });
  });
  document.querySelectorAll("[data-zoom]").forEach((b) =>
    b.addEventListener("click", () => {
      const wide = b.closest(".document").classList.toggle("wide");
      b.setAttribute("aria-pressed", String(wide));
    }));
  const open = () => document.querySelectorAll("details").forEach((d) => { d.open = true; });
  window.addEventListener("beforeprint", open);
})();
