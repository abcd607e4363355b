/*
 * The page's cover (app/cover.py): what the page shows first, there before Streamlit's page has started. Its map
 * is the one that the page keeps. It is laid into its place once that lies where the cover has it, so that nothing
 * moves; with it the cover goes.
 */

const APP = "[data-testid=stApp]";
const LONGEST_MS = 10000; // after which the page may show what keeps it
const PATIENCE_MS = { placed: 500, unplaced: 3000 }; // with a page at rest, whose map has its place elsewhere, or none

let waiting = null; // the map on the cover: { scene, drawing, clicked }
let place = null; // on the page, for that map

const root = () => document.getElementById("jitu-cover");

/** Draw on the cover: `draw` opens a map in an element. */
function open(scene, draw, message) {
  if (!root()) return;
  const drawing = draw(root().querySelector(".map"));
  drawing.show(message);
  waiting = { scene, drawing, clicked: null };
  drawing.map.on("click", note);
  watch(drawing.element);
}

/** Take the map for a place on the page; null where there is none of that scene. A click on it is told again. */
function take(scene, parent) {
  if (!waiting) return null;
  const { drawing, clicked, scene: drawn } = waiting;
  waiting = null;
  drawing.map.off("click", note);
  if (drawn !== scene) {
    drawing.close();
    remove();
    return null;
  }
  place = parent;
  if (!root()) place.append(drawing.element);
  if (clicked) queueMicrotask(() => drawing.map.fire("click", clicked));
  return drawing;
}

const note = ({ latlng }) => (waiting.clicked = { latlng });

function watch(element) {
  const begin = performance.now();
  let ran = false; // the page's script
  let rests = null; // since when

  function look() {
    if (!root()) return;
    const now = performance.now();
    const state = document.querySelector(APP)?.dataset.testScriptState;
    ran ||= state === "running";
    rests = ran && state === "notRunning" ? rests || now : null;
    const isLate = now - begin > LONGEST_MS || (rests && now - rests > PATIENCE_MS[place ? "placed" : "unplaced"]);
    if (!isLate && !(place && isAt(place, element))) requestAnimationFrame(look);
    else {
      if (place) place.append(element);
      remove();
    }
  }
  look();
}

function isAt(place, element) {
  const [a, b] = [place, element].map((e) => e.getBoundingClientRect());
  return ["x", "y", "width", "height"].every((side) => Math.abs(a[side] - b[side]) < 1);
}

const remove = () => root()?.remove();

export const cover = { open, take };
