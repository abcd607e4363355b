/*
 * Puts maps into the page. Streamlit calls what mount() returns for each message to a map, with the
 * element to draw in; scripts, style sheets, atlas and scene are fetched once, all in parallel.
 */

const places = new WeakMap(); // element that Streamlit gives -> the map in it

const address = (name) => new URL(`../${name}`, import.meta.url).href; // a file in static/

function loaded(name, element) {
  return new Promise((resolve, reject) => {
    element.addEventListener("load", resolve);
    element.addEventListener("error", () => reject(new Error(`${name} could not be loaded`)));
    document.head.append(element);
  });
}

// Classic scripts run in document order, in whatever order they arrive.
const script = (name) =>
  loaded(name, Object.assign(document.createElement("script"), { src: address(name), async: false }));
const sheet = (name) =>
  loaded(name, Object.assign(document.createElement("link"), { rel: "stylesheet", href: address(name) }));

const once = (load) => {
  const found = new Map();
  return (name) => {
    if (!found.has(name)) found.set(name, load(name));
    return found.get(name);
  };
};
const run = once(script);
const dress = once(sheet);
const fetched = once(async (name) => {
  const response = await fetch(address(name));
  if (!response.ok) throw new Error(`${response.status} ${name}`);
  return response.json();
});

/**
 * Return the function that Streamlit calls, with the cover's as a property.
 * @param {string[]} scripts, sheets files that the map needs
 * @param {string} atlas, scene files that it draws
 * @param {(element: Element) => L.Map} create makes an empty map in an element
 * @param {Function} answering passes messages to the map (answers.js)
 * @param {Object} cover may have drawn the map already (cover.js)
 */
export function mount({ scripts, sheets, atlas, scene, create, answering, cover }) {
  const ready = Promise.all([...scripts.map(run), ...sheets.map(dress)]);
  const data = { atlas: fetched(atlas), scene: fetched(scene) };

  async function onMessage({ data: { module, ...message }, parentElement, setTriggerValue }) {
    const call = {}; // Streamlit may call again before this call has finished; the newest counts
    const place = places.get(parentElement) || { scene };
    places.set(parentElement, Object.assign(place, { call }));
    await ready;
    if (place.call === call) {
      if (place.scene !== scene) close(); // the language changed; the view stays
      if (!place.drawing) open();
      place.clicked = (point) => setTriggerValue("clicked", point);
      place.answers.receive(message);
    }
    // Streamlit also ends a call that a newer message has overtaken: the map closes only with its element.
    return () => parentElement.isConnected || close();

    function open() {
      const drawing = cover.take(scene, parentElement) || draw(parentElement, place.view);
      drawing.map.on("click", ({ latlng: { lng, lat } }) => place.clicked([lng, lat]));
      Object.assign(place, { scene, drawing, answers: answering(drawing) });
    }

    function close() {
      if (!place.drawing) return;
      place.view = place.drawing.state().view;
      place.answers.close();
      place.drawing.close();
      place.drawing.element.remove();
      place.drawing = null;
    }
  }

  function draw(parent, view) {
    const element = document.createElement("div");
    element.className = "jitu-map";
    parent.append(element);
    return JituMap.open(create(element), { ...data, view });
  }

  return Object.assign(onMessage, { cover: (message) => ready.then(() => cover.open(scene, draw, message)) });
}
