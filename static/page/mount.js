/*
 * Puts maps into the page. Streamlit calls what mount() returns for each message to a map, with the
 * element to draw in; scripts, style sheets, atlas and scene are fetched once, all in parallel.
 */

/** @type {WeakMap<Element, MapPlace>} */
const places = new WeakMap(); // by the element that Streamlit gives

const address = (/** @type {string} */ name) => new URL(`../${name}`, import.meta.url).href; // a file in static/

/**
 * Add an element to the document's head and wait until its file has arrived.
 * @param {string} name
 * @param {HTMLElement} element
 * @returns {Promise<Event>}
 */
function loaded(name, element) {
  return new Promise((resolve, reject) => {
    element.addEventListener("load", resolve);
    element.addEventListener("error", () => reject(new Error(`${name} could not be loaded`)));
    document.head.append(element);
  });
}

// Classic scripts run in document order, in whatever order they arrive.
const script = (/** @type {string} */ name) =>
  loaded(name, Object.assign(document.createElement("script"), { src: address(name), async: false }));
const sheet = (/** @type {string} */ name) =>
  loaded(name, Object.assign(document.createElement("link"), { rel: "stylesheet", href: address(name) }));

/**
 * Return a function that loads each file once.
 * @template Loaded
 * @param {(name: string) => Loaded} load
 */
const once = (load) => {
  /** @type {Map<string, Loaded>} */
  const found = new Map();
  return (/** @type {string} */ name) => {
    const made = found.get(name) ?? load(name);
    found.set(name, made);
    return made;
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
 * Return the function that Streamlit calls, with the cover's as a property. The cover may have drawn the map already.
 * @param {MountConfig} config
 */
export function mount({ scripts, sheets, atlas, scene, create, answering, cover }) {
  const ready = Promise.all([...scripts.map(run), ...sheets.map(dress)]);
  const data = { atlas: fetched(atlas), scene: fetched(scene) };

  /** @param {MapComponent} component */
  async function onMessage({ data: { module, ...message }, parentElement, setTriggerValue }) {
    const call = {}; // Streamlit may call again before this call has finished; the newest counts
    /** @type {MapPlace} */
    const place = places.get(parentElement) || { scene };
    places.set(parentElement, Object.assign(place, { call }));
    await ready;
    if (place.call === call) {
      if (place.scene !== scene) close(); // the language changed; the view stays
      place.map ??= open();
      place.clicked = (point) => setTriggerValue("clicked", point);
      place.picked = (id) => setTriggerValue("picked", id);
      place.map.answers.receive(message);
    }
    // Streamlit also ends a call that a newer message has overtaken: the map closes only with its element.
    return () => parentElement.isConnected || close();

    function open() {
      const drawing = cover.take(scene, parentElement) || draw(parentElement, place.view);
      drawing.map.on("click", ({ latlng: { lng, lat } }) => place.clicked?.([lng, lat]));
      drawing.map.on("pick", (event) => place.picked?.(/** @type {L.LeafletEvent & { id: string }} */ (event).id));
      place.scene = scene;
      return { drawing, answers: answering(drawing) };
    }

    function close() {
      if (!place.map) return;
      const { drawing, answers } = place.map;
      place.view = drawing.state().view;
      answers.close();
      drawing.close();
      drawing.element.remove();
      place.map = null;
    }
  }

  /** @type {DrawMap} */
  function draw(parent, view) {
    const element = document.createElement("div");
    element.className = "jitu-map";
    parent.append(element);
    return JituMap.open(create(element), { ...data, view });
  }

  return Object.assign(onMessage, {
    cover: (/** @type {Message} */ message) => ready.then(() => cover.open(scene, draw, message)),
  });
}
