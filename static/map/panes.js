/*
 * Panes of a Leaflet map, and layers on them. The scene defines the order of the panes.
 */
"use strict";

var JituPanes = (() => {
  const { svg } = JituSvg;

  let maps = 0; // that ever had panes: SVG ids are unique on the page

  /**
   * Return a point as Leaflet's coordinates.
   * @param {LonLat} point
   */
  const latLng = ([lon, lat]) => L.latLng(lat, lon);

  /**
   * Return the panes of a Leaflet map; create() must be called before anything is drawn.
   * @param {L.Map} map
   */
  function on(map) {
    maps += 1;
    const number = maps;
    /** @type {Map<string, L.SVG>} */
    const renderers = new Map();

    /**
     * Create the panes of a scene.
     * @param {Scene} scene
     */
    function create({ panes, surroundings }) {
      const all = [...panes, ...Object.entries(surroundings).map(([id, z]) => ({ id, z }))];
      all.forEach(({ id, z }) => (map.createPane(`jitu-${id}`).style.zIndex = String(z)));
    }

    /**
     * Return Leaflet's options for a shape on a pane.
     * @template {L.PathOptions} More
     * @param {string} pane
     * @param {More} more
     */
    function options(pane, more) {
      if (!renderers.has(pane)) renderers.set(pane, L.svg({ pane: `jitu-${pane}`, padding: 0.25 }));
      return { pane: `jitu-${pane}`, renderer: renderers.get(pane), interactive: false, smoothFactor: 0.5, ...more };
    }

    /**
     * Return a polygon (GeoJSON) as a layer on a pane.
     * @param {Areal} geometry
     * @param {string} pane
     * @param {L.PolylineOptions} more
     */
    function polygon(geometry, pane, more) {
      const depth = geometry.type === "Polygon" ? 1 : 2;
      return L.polygon(L.GeoJSON.coordsToLatLngs(geometry.coordinates, depth), options(pane, more));
    }

    /**
     * Return an SVG image as a marker.
     * @param {LonLat} at
     * @param {SVGElement} image
     * @param {[number, number]} anchor its point in px from its top left corner
     * @param {string} pane
     */
    function marker(at, image, anchor, pane) {
      const icon = L.divIcon({ html: image, className: "jitu-symbol", iconSize: undefined, iconAnchor: anchor });
      return L.marker(latLng(at), { icon, pane: `jitu-${pane}`, interactive: false, keyboard: false });
    }

    /**
     * Return an SVG image as a marker that can be pressed, by pointer or keyboard.
     * @param {LonLat} at
     * @param {SVGElement} image
     * @param {[number, number]} anchor its point in px from its top left corner
     * @param {string} pane
     * @param {string} words what it says to those who do not see it
     * @param {() => void} pressed
     */
    function button(at, image, anchor, pane, words, pressed) {
      const icon = L.divIcon({ html: image, className: "jitu-symbol", iconSize: undefined, iconAnchor: anchor });
      return L.marker(latLng(at), { icon, pane: `jitu-${pane}`, title: words })
        .on("add", ({ target }) => target.getElement().setAttribute("aria-label", words))
        .on("click", pressed)
        .on("keydown", ({ originalEvent }) => {
          if (originalEvent.key !== "Enter" && originalEvent.key !== " ") return;
          originalEvent.preventDefault(); // a space scrolls the page
          pressed();
        });
    }

    /**
     * Add a gradient or pattern that shapes of this map may refer to by urlOf().
     * @param {"linearGradient" | "pattern"} kind
     * @param {string} name
     * @param {Attributes} attributes
     */
    function define(kind, name, attributes) {
      const container = map.getContainer();
      const definitions =
        container.querySelector(".jitu-definitions defs")
        || svg(
          "defs",
          {},
          svg("svg", { class: "jitu-definitions", width: 0, height: 0, "aria-hidden": "true" }, container),
        );
      return svg(kind, { id: `jitu-${number}-${name}`, ...attributes }, definitions);
    }

    const urlOf = (/** @type {string} */ name) => `url(#jitu-${number}-${name})`;

    return { create, options, polygon, marker, button, define, urlOf };
  }

  return { on, latLng };
})();
