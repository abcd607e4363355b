/*
 * The page's cover (app/serving/cover.py): what the browser shows before Streamlit's page has started. The page keeps
 * the cover's map: it moves into its place there once that place has the same position, so that nothing jumps, and
 * the cover is removed. cover.css hides the cover after a while if the page does not start.
 */

const APP = "[data-testid=stApp]";
const PATIENCE_MS = { placed: 500, unplaced: 3000 }; // with a page at rest whose map has another position, or none

let waiting = null; // the map on the cover until the page takes it: { scene, drawing, clicked }
let taken = null; // { place, element }: where the map belongs on the page

const root = () => document.getElementById("jitu-cover");
const remove = () => root()?.remove();

/** Draw on the cover: `draw` opens a map in an element. */
function open(scene, draw, message) {
  if (!root()) return;
  const drawing = draw(root().querySelector(".map"));
  drawing.show(message);
  waiting = { scene, drawing, clicked: null };
  drawing.map.on("click", note);
}

/** Return the map for a place on the page, null if there is none of that scene. A click that it has had is repeated. */
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

const note = ({ latlng }) => (waiting.clicked = { latlng });

/** Check in every frame whether the map can move into the page, or the page has come to rest without it. */
function watch() {
  let ran = false; // the page's script
  let rests = null; // since when

  (function look() {
    if (!root()) return;
    const state = document.querySelector(APP)?.dataset.testScriptState;
    ran ||= state === "running";
    rests = ran && state === "notRunning" ? rests || performance.now() : null;
    const isLate = rests && performance.now() - rests > PATIENCE_MS[taken ? "placed" : "unplaced"];
    if (!isLate && !(taken && isInPlace(taken))) requestAnimationFrame(look);
    else {
      if (taken) taken.place.append(taken.element);
      remove();
    }
  })();
}

function isInPlace({ place, element }) {
  const [a, b] = [place, element].map((e) => e.getBoundingClientRect());
  return ["x", "y", "width", "height"].every((side) => Math.abs(a[side] - b[side]) < 1);
}

watch();

export const cover = { open, take };
