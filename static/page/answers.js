/*
 * Optimistic updates: the map answers the filter bar before the server does. The server's message is the source
 * of truth; until it arrives, the map shows what the widgets say now, by the same rule (keeps() in map.js).
 *
 * An update is made only right after somebody has used the bar, and only if every widget is understood. A widget
 * whose elements are not found as expected is not understood: then the map waits for the server.
 */

const BAR = ".st-key-filters";
const WIDGETS = `${BAR}, [role=listbox]`; // a list of options unfolds outside the bar
const APP = "[data-testid=stApp]";
const SCRIPT_STATE = "data-test-script-state"; // whether the page's script is at work
const PATIENCE_MS = 300; // after which a page at rest will not start on another change
const LONGEST_MS = 5000; // that an update stays while the page was never seen at work
/** @typedef {{ options: string, chosen: string }} OptionsWidget */
/** @typedef {{ tags: string, field: string }} ListWidget */
/**
 * Parameter -> its widget: where all options are on the page, those and the chosen ones; else the chosen ones and the
 * field that says that there are none.
 * @type {Record<string, OptionsWidget | ListWidget>}
 */
const READ = {
  year: { options: ".st-key-year [role=radio]", chosen: "[aria-checked=true]" },
  tier: { options: ".st-key-tiers [aria-pressed]", chosen: "[aria-pressed=true]" },
  layer: { options: ".st-key-layers [aria-pressed]", chosen: "[aria-pressed=true]" },
  industry: { tags: ".st-key-industries [data-tag] [title]", field: ".st-key-industries input" },
  city: { tags: ".st-key-cities [data-tag] [title]", field: ".st-key-cities input" },
};

/**
 * Return what passes messages to a map: { receive, close }.
 * @param {OpenedMap} drawing
 */
export function answering(drawing) {
  /** @type {Message | null} */
  let confirmed = null; // the server's last message
  /** @type {Message | null} */
  let update = null; // the optimistic message, shown ahead of the server's
  let source = ""; // the choice that it was made from
  let used = false; // whether the bar was used since the server's last message
  const changes = new MutationObserver(changed);
  const rest = new MutationObserver(rested);
  const noteUse = (/** @type {Event} */ { target }) => {
    used = Boolean(/** @type {Element} */ (target).closest(WIDGETS));
  };
  const events = ["pointerdown", "keydown"];

  events.forEach((event) => document.addEventListener(event, noteUse, true));
  changes.observe(document.body, { subtree: true, childList: true, attributeFilter: ["aria-checked", "aria-pressed"] });
  const app = document.querySelector(APP);
  if (app) rest.observe(app, { attributeFilter: [SCRIPT_STATE] });

  /**
   * Show a message of the server, or keep the optimistic update while the message answers an older choice.
   * @param {Message} message
   */
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
    const pending = update;
    if (pending && isAtRest()) setTimeout(() => whenIdle(() => revert(pending)), PATIENCE_MS);
  }

  /**
   * Return to the server's message if it has not replaced the update by now.
   * @param {Message} pending
   */
  function revert(pending) {
    if (!confirmed || update !== pending || !isAtRest()) return;
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
const whenIdle = (/** @type {() => void} */ then) =>
  "requestIdleCallback" in window ? requestIdleCallback(then, { timeout: 1000 }) : setTimeout(then, PATIENCE_MS);
/** Return whether the page's script has ended; true if the page does not say: then only the time counts. */
const isAtRest = () => (document.querySelector(APP)?.getAttribute(SCRIPT_STATE) ?? "notRunning") === "notRunning";

/**
 * Return what the bar says; null where that is unclear: two maps, an unknown option, a widget not understood.
 * @param {FilterOptions} options
 * @returns {Partial<Choice> | null}
 */
function readBar(options) {
  const bar = document.querySelector(BAR);
  if (!bar || JituMap.maps.length !== 1) return null;
  /** @type {Record<string, string[]>} */
  const choice = {};
  for (const [name, widget] of Object.entries(READ)) {
    const titles = "tags" in widget ? readList(bar, widget) : readOptions(bar, widget, options[name]);
    const values = titles && [...new Set(titles.map((title) => options[name][title]))];
    if (!values || values.some((value) => value === undefined)) return null;
    choice[name] = values;
  }
  const { year, ...filters } = choice;
  return year.length === 1 ? { ...filters, year: Number(year[0]) } : null;
}

/**
 * Return the chosen titles of a widget that shows all its options; null if it does not show exactly these.
 * @param {Element} bar
 * @param {OptionsWidget} widget
 * @param {Record<string, string>} titles
 */
function readOptions(bar, widget, titles) {
  const options = [...bar.querySelectorAll(widget.options)];
  if (options.length !== Object.keys(titles).length || !options.every((option) => title(option) in titles)) return null;
  return options.filter((option) => option.matches(widget.chosen)).map(title);
}

/**
 * Return the chosen titles of a list: its field has a placeholder exactly if nothing is chosen; null otherwise.
 * @param {Element} bar
 * @param {ListWidget} widget
 */
function readList(bar, widget) {
  /** @type {HTMLInputElement | null} */
  const field = bar.querySelector(widget.field);
  const tags = [...bar.querySelectorAll(widget.tags)];
  return field && Boolean(field.placeholder) === !tags.length ? tags.map(title) : null;
}

/** Return an option's title without its count. */
const title = (/** @type {Element} */ option) => option.textContent.replace(/ · \d+$/, "");
