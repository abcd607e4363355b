/*
 * Panes of a Leaflet map, and layers on them. The scene defines the order of the panes.
 */
"use strict";

window.JituPanes = (() => {
  const { svg } = JituSvg;

  let maps = 0; // that ever had panes: SVG ids are unique on the page

  /** Return [lon, lat] as Leaflet's coordinates. */
  const latLng = ([lon, lat]) => L.latLng(lat, lon);

  /** Return the panes of a Leaflet map; create() must be called before anything is drawn. */
  function on(map) {
    maps += 1;
    const number = maps;
    const renderers = new Map();

    /** Create the panes of a scene. */
    function create({ panes, surroundings }) {
      const all = [...panes, ...Object.entries(surroundings).map(([id, z]) => ({ id, z }))];
      all.forEach(({ id, z }) => (map.createPane(`jitu-${id}`).style.zIndex = z));
    }

    /** Return the element of a pane. */
    const element = (pane) => map.getPane(`jitu-${pane}`);

    /** Return Leaflet's options for a shape on a pane. */
    function options(pane, more) {
      if (!renderers.has(pane)) renderers.set(pane, L.svg({ pane: `jitu-${pane}`, padding: 0.25 }));
      return { pane: `jitu-${pane}`, renderer: renderers.get(pane), interactive: false, smoothFactor: 0.5, ...more };
    }

    /** Return a polygon (GeoJSON) as a layer on a pane. */
    function polygon(geometry, pane, more) {
      const depth = geometry.type === "Polygon" ? 1 : 2;
      return L.polygon(L.GeoJSON.coordsToLatLngs(geometry.coordinates, depth), options(pane, more));
    }

    /** Return an SVG image as a marker at [lon, lat]; `anchor` is its point in px from its top left corner. */
    function marker(at, image, anchor, pane) {
      const icon = L.divIcon({ html: image, className: "jitu-symbol", iconSize: null, iconAnchor: anchor });
      return L.marker(latLng(at), { icon, pane: `jitu-${pane}`, interactive: false, keyboard: false });
    }

    /** Add a gradient or pattern that shapes of this map may refer to by urlOf(). */
    function define(kind, name, attributes) {
      const container = map.getContainer();
      const definitions =
        container.querySelector(".jitu-definitions defs")
        || svg(
          "defs",
          {},
          svg("svg", { class: "jitu-definitions", width: 0, height: 0, "aria-hidden": true }, container),
        );
      return svg(kind, { id: `jitu-${number}-${name}`, ...attributes }, definitions);
    }

    const urlOf = (name) => `url(#jitu-${number}-${name})`;

    return { create, element, options, polygon, marker, define, urlOf };
  }

  return { on, latLng };
})();
