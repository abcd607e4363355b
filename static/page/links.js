/*
 * Answers the buttons that stand in the page's own HTML (app/page/links.py): what one looks at is told to the
 * server, and the panel that will show it comes into view, at its beginning.
 */

const PANEL = ".st-key-panel";
const PATIENCE_MS = 2000; // in which the rest of what was chosen arrives, however late its beginning

/** Listen for Streamlit, which asks for an end by calling what is returned. */
export default function listen({ setTriggerValue }) {
  const pressed = ({ target }) => {
    const button = target.closest("[data-look]");
    if (!button) return;
    setTriggerValue("chosen", button.dataset.look);
    bringUp(document.querySelector(PANEL));
  };
  document.addEventListener("click", pressed);
  return () => document.removeEventListener("click", pressed);
}

/** Scroll to the panel as its content changes: what comes may be longer, or shorter, than what was there. */
function bringUp(panel) {
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
