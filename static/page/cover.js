/*
 * The page's cover (app/serving/cover.py): what the browser shows before Streamlit's page has started. The page keeps
 * the cover's map: it moves into its place there once that place has the same position, so that nothing jumps, or has
 * another one for good; then the cover is removed. Nothing of Streamlit's own is read here.
 */

const STILL_MS = 5000; // after which a place at another position than the cover's map has found its own
const NO_MAP_MS = 15000; // after the page's first content, if no map comes with it; a slow computer may need 10 s
const SIDES = /** @type {const} */ (["x", "y", "width", "height"]);

/** @type {{ scene: string, drawing: OpenedMap, clicked: { latlng: L.LatLng } | null } | null} */
let waiting = null; // the map on the cover until the page takes it
/** @type {{ place: HTMLElement, element: HTMLElement } | null} */
let taken = null; // where the map belongs on the page

const root = () => document.getElementById("jitu-cover");
const remove = () => root()?.remove();

/**
 * Draw on the cover.
 * @param {string} scene
 * @param {DrawMap} draw
 * @param {Message} message
 */
function open(scene, draw, message) {
  /** @type {HTMLElement | null | undefined} */
  const place = root()?.querySelector(".map");
  if (!place) return;
  const drawing = draw(place);
  drawing.show(message);
  waiting = { scene, drawing, clicked: null };
  drawing.map.on("click", note);
}

/**
 * Return the map for a place on the page, null if there is none of that scene. A click that it has had is repeated.
 * @param {string} scene
 * @param {HTMLElement} place
 */
function take(scene, place) {
  if (!waiting) return null;
  const { drawing, clicked, scene: drawn } = waiting;
  waiting = null;
  drawing.map.off("click", note);
  if (drawn !== scene) {
    drawing.close();
    remove();
    return null;
  }
  taken = { place, element: drawing.element };
  if (!root()) place.append(drawing.element);
  if (clicked) queueMicrotask(() => drawing.map.fire("click", clicked));
  return drawing;
}

function note(/** @type {L.LeafletMouseEvent} */ { latlng }) {
  if (waiting) waiting.clicked = { latlng };
}

/** Check in every frame whether the map can move into the page; it has to if something else takes the cover away. */
function watch() {
  let last = ""; // position of the place
  let since = 0; // when it came there

  (function look() {
    const fits = taken && (isInPlace(taken) || isStill(taken.place));
    if (root() && !fits) {
      requestAnimationFrame(look);
      return;
    }
    if (taken?.element.parentNode) taken.place.append(taken.element); // else it was closed meanwhile
    remove();
  })();

  function isStill(/** @type {Element} */ place) {
    const now = JSON.stringify(place.getBoundingClientRect());
    if (now !== last) since = performance.now();
    last = now;
    return performance.now() - since > STILL_MS;
  }
}

function isInPlace(/** @type {Record<"place" | "element", Element>} */ { place, element }) {
  const [a, b] = [place, element].map((e) => e.getBoundingClientRect());
  return SIDES.every((side) => Math.abs(a[side] - b[side]) < 1);
}

// A page that has nothing to show on a map reports its faults instead.
document.addEventListener("jitu-arrived", () => setTimeout(() => taken || remove(), NO_MAP_MS), { once: true });
watch();

export const cover = { open, take };
