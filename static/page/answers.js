/*
 * Optimistic updates: the map answers the filter bar before the server does. The server's message is the source
 * of truth; until it arrives, the map shows what the widgets say now, by the same rule (keeps() in map.js).
 *
 * An update is made only right after somebody has used the bar, and only if every widget is understood.
 */

const BAR = ".st-key-filters";
const WIDGETS = `${BAR}, [role=listbox]`; // a list of options unfolds outside the bar
const APP = "[data-testid=stApp]";
const PATIENCE_MS = 300; // after which a page at rest will not start on another change
const LONGEST_MS = 5000; // that an update stays while the page was never seen at work
// Parameter -> selector of a chosen option.
const CHOSEN = {
  year: ".st-key-year [aria-checked=true]",
  industry: ".st-key-industries [data-tag] [title]",
  city: ".st-key-cities [data-tag] [title]",
  tier: ".st-key-tiers [aria-pressed=true]",
  layer: ".st-key-layers [aria-pressed=true]",
};

/**
 * Return what passes messages to a map: { receive, close }.
 * @param {Object} drawing what JituMap.open() returned
 */
export function answering(drawing) {
  let confirmed = null; // the server's last message
  let update = null; // the optimistic message, shown ahead of the server's
  let source = ""; // the choice that it was made from
  let used = false; // whether the bar was used since the server's last message
  const changes = new MutationObserver(changed);
  const rest = new MutationObserver(rested);
  const noteUse = ({ target }) => (used = Boolean(target.closest(WIDGETS)));
  const events = ["pointerdown", "keydown"];

  events.forEach((event) => document.addEventListener(event, noteUse, true));
  changes.observe(document.body, { subtree: true, childList: true, attributeFilter: ["aria-checked", "aria-pressed"] });
  rest.observe(document.querySelector(APP), { attributeFilter: ["data-test-script-state"] });

  /** Show a message of the server, or keep the optimistic update while the message answers an older choice. */
  function receive(message) {
    confirmed = message;
    used = false;
    source = "";
    if (update && !drawing.shows(message)) return;
    update = null;
    drawing.show(message);
  }

  function changed() {
    if (!used || !confirmed) return;
    const choice = readBar(drawing.filter_options());
    if (!choice || JSON.stringify(choice) === source) return;
    source = JSON.stringify(choice);
    const message = { ...confirmed, choice: { ...confirmed.choice, ...choice } }; // counties are not chosen in the bar
    if (drawing.shows(message)) return;
    update = message;
    drawing.show(message);
    setTimeout(revert, LONGEST_MS, message);
  }

  /** Once the page is at rest, no further message comes; on a busy machine the last one may arrive late. */
  function rested() {
    if (update && isAtRest()) setTimeout((pending) => whenIdle(() => revert(pending)), PATIENCE_MS, update);
  }

  /** Return to the server's message if it has not replaced the update by now. */
  function revert(pending) {
    if (update !== pending || !isAtRest()) return;
    update = null;
    used = false;
    drawing.show(confirmed);
  }

  function close() {
    events.forEach((event) => document.removeEventListener(event, noteUse, true));
    changes.disconnect();
    rest.disconnect();
    update = null;
  }

  return { receive, close };
}

// Safari has no idle callbacks.
const whenIdle = (then) => (window.requestIdleCallback ? requestIdleCallback(then, { timeout: 1000 }) : setTimeout(then, PATIENCE_MS));
const isAtRest = () => document.querySelector(APP).dataset.testScriptState === "notRunning";

/** Return what the bar says; null where that is unclear: two maps, an unknown option. */
function readBar(options) {
  const bar = document.querySelector(BAR);
  if (!bar || JituMap.maps.length !== 1) return null;
  const read = Object.entries(CHOSEN).map(([name, selector]) => {
    const titles = [...bar.querySelectorAll(selector)].map((option) => option.textContent.replace(/ · \d+$/, ""));
    return [name, [...new Set(titles.map((title) => options[name][title]))]];
  });
  const { year, ...filters } = Object.fromEntries(read);
  const isClear = year.length === 1 && read.every(([, values]) => !values.includes(undefined));
  return isClear ? { ...filters, year: Number(year[0]) } : null;
}
