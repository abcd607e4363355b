/*
 * Answers the filter bar at once. What is shown is for the server to say, and its message holds; but until
 * it has come, the map shows what the widgets say by now, by the same rule (keeps() in map.js).
 *
 * A guess is made only right after somebody has used the bar, from widgets that are all understood.
 */

const BAR = ".st-key-filters";
const OURS = `${BAR}, [role=listbox]`; // a list of options unfolds outside the bar
const APP = "[data-testid=stApp]";
const PATIENCE_MS = 300; // after which a page at rest will not start on another change
const LONGEST_MS = 5000; // that a page which was never seen at work may let us wait
// Parameter -> what marks a chosen option.
const CHOSEN = {
  year: ".st-key-year [aria-checked=true]",
  industry: ".st-key-industries [data-tag] [title]",
  city: ".st-key-cities [data-tag] [title]",
  tier: ".st-key-tiers [aria-pressed=true]",
  layer: ".st-key-layers [aria-pressed=true]",
};

/** Return what a map is to be message through: the server's messages pass, and are the last word. */
export function answering(drawing) {
  let message = null; // by the server
  let guess = null; // shown ahead of it
  let answered = ""; // the choice that it was made of
  let used = false; // the bar, since the server's last message
  const changes = new MutationObserver(changed);
  const rest = new MutationObserver(rested);
  const noted = ({ target }) => (used = Boolean(target.closest(OURS)));
  const events = ["pointerdown", "keydown"];

  events.forEach((event) => document.addEventListener(event, noted, true));
  changes.observe(document.body, { subtree: true, childList: true, attributeFilter: ["aria-checked", "aria-pressed"] });
  rest.observe(document.querySelector(APP), { attributeFilter: ["data-test-script-state"] });

  function tell(message) {
    message = message;
    used = false;
    answered = "";
    // What comes between a guess and its own message answers something older.
    if (guess && !drawing.shows(message)) return;
    guess = null;
    drawing.show(message);
  }

  function changed() {
    if (!used || !message) return;
    const choice = read(drawing.filter_options());
    if (!choice || JSON.stringify(choice) === answered) return;
    answered = JSON.stringify(choice);
    const now = { ...message, choice: { ...message.choice, ...choice } }; // counties are not chosen in the bar
    if (drawing.shows(now)) return;
    guess = now;
    drawing.show(now);
    setTimeout(giveUp, LONGEST_MS, now);
  }

  /** Once the server has nothing more to say, its word holds; on a busy machine it may reach us late. */
  function rested() {
    if (guess && isAtRest()) setTimeout((waited) => whenIdle(() => giveUp(waited)), PATIENCE_MS, guess);
  }

  function giveUp(waited) {
    if (guess !== waited || !isAtRest()) return;
    guess = null;
    used = false;
    drawing.show(message);
  }

  function close() {
    events.forEach((event) => document.removeEventListener(event, noted, true));
    changes.disconnect();
    rest.disconnect();
    guess = null;
  }

  return { tell, close };
}

// Safari has no idle callbacks.
const whenIdle = (then) => (window.requestIdleCallback ? requestIdleCallback(then, { timeout: 1000 }) : setTimeout(then, PATIENCE_MS));
const isAtRest = () => document.querySelector(APP).dataset.testScriptState === "notRunning";

/** What the bar says, or null where that cannot be message: two maps, an unknown word. */
function read(filter_options) {
  const bar = document.querySelector(BAR);
  if (!bar || JituMap.maps.length !== 1) return null;
  const read = Object.entries(CHOSEN).map(([name, selector]) => {
    const titles = [...bar.querySelectorAll(selector)].map((option) => option.textContent.replace(/ · \d+$/, ""));
    return [name, [...new Set(titles.map((title) => filter_options[name][title]))]];
  });
  const { year, ...filters } = Object.fromEntries(read);
  const understood = year.length === 1 && read.every(([, values]) => !values.includes(undefined));
  return understood ? { ...filters, year: Number(year[0]) } : null;
}
