/*
 * Handles the buttons in the page's own HTML (app/page/links.py): reports to the server what is to be shown, and
 * scrolls the panel that will show it into view, to its top.
 */

const PANEL = ".st-key-panel";
const PATIENCE_MS = 2000; // in which the rest of the content arrives once its beginning has

/**
 * Listen to the buttons; Streamlit calls the returned function to stop.
 * @param {LinksComponent} component
 */
export default function listen({ setTriggerValue }) {
  const pressed = (/** @type {Event} */ { target }) => {
    const look = /** @type {Element} */ (target).closest("[data-look]")?.getAttribute("data-look");
    if (!look) return;
    setTriggerValue("chosen", look);
    bringUp(document.querySelector(PANEL));
  };
  document.addEventListener("click", pressed);
  return () => document.removeEventListener("click", pressed);
}

/**
 * Scroll to the panel as its content changes: the new content may be longer or shorter than the old.
 * @param {Element | null} panel
 */
function bringUp(panel) {
  if (!panel) return;
  const end = () => changes.disconnect();
  const changes = new MutationObserver(() => {
    panel.scrollTop = 0;
    const { top } = panel.getBoundingClientRect();
    if (top < 0 || top > innerHeight / 2) panel.scrollIntoView();
    setTimeout(end, PATIENCE_MS);
  });
  changes.observe(panel, { childList: true, subtree: true });
  ["pointerdown", "keydown", "wheel"].forEach((event) => addEventListener(event, end, { once: true, capture: true }));
}
