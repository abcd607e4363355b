/*
 * The base map: land, sea, neighbours, boundaries and their names; in place of land and sea the tiles of a
 * configured service.
 */
"use strict";

var JituBaseMap = (() => {
  const { boxOf } = JituShapes;
  const { svg } = JituSvg;
  const PRIORITY = 9; // of the neighbours' names: placed last
  const FADE = 0.9; // degrees in which the edges fade

  /**
   * Return the base map of a Leaflet map: { draw, showTiles, hasTiles, isShown }.
   * @param {L.Map} map
   * @param {Drawing} drawing
   * @param {Panes} panes
   * @param {(text: string) => void} warn shows a warning on the map
   */
  function on(map, drawing, panes, warn) {
    /** @type {L.Path[]} */
    const fills = []; // that make way for tiles
    /** @type {Set<string>} */
    const names = new Set(); // ids of what is named
    /** @type {L.TileLayer[]} */
    let tiles = [];
    /** @type {Basemap | null} */
    let service = null; // whose tiles are shown

    /**
     * Draw the base map.
     * @param {(label: SceneLabel, id: string, area: Shaped) => void} label adds a label (labels.js)
     */
    function draw(label) {
      const atlas = drawing.atlas();
      const look = drawing.scene().base_map;
      const { counties, neighbours } = atlas.objects;
      const fill = (/** @type {L.Path} */ layer) => fills.push(layer.addTo(map));
      /**
       * @param {Areas<unknown>} areas
       * @param {typeof between} keep
       * @param {string} pane
       * @param {L.PolylineOptions} more
       */
      const mesh = (areas, keep, pane, more) => {
        const lines = L.GeoJSON.coordsToLatLngs(topojson.mesh(atlas, areas, keep).coordinates, 1);
        return L.polyline(lines, panes.options(pane, more)).addTo(map);
      };
      /** @type {(a: object, b: object) => boolean} */
      const between = (a, b) => a !== b;
      /** @type {(a: object, b: object) => boolean} */
      const around = (a, b) => a === b;

      const areas = topojson.feature(atlas, neighbours).features;
      const boxes = areas.map((area) => boxOf(area.geometry));
      const [west, south] = [0, 1].map((i) => Math.min(...boxes.map((box) => box[i])));
      const [east, north] = [2, 3].map((i) => Math.max(...boxes.map((box) => box[i])));
      map.getContainer().style.background = look.neighbour;
      fill(
        L.rectangle(
          L.latLngBounds([south, west], [north, east]),
          panes.options("base", { stroke: false, fillColor: look.sea, fillOpacity: 1 }),
        ),
      );
      areas.forEach(({ geometry, properties }) => {
        const color = properties.enclosed ? look.enclosed : look.neighbour;
        fill(panes.polygon(geometry, "base", { color, fillColor: color, weight: 1, fillOpacity: 1 }));
      });
      mesh(neighbours, between, "lines", { color: look.neighbour_line, weight: look.neighbour_weight });
      fadeEdges(west, south, east, north, look.neighbour).forEach(fill);
      fill(mesh(counties, around, "base", { color: look.glow, weight: look.glow_weight, opacity: look.glow_opacity }));
      fill(
        panes.polygon(topojson.merge(atlas, counties.geometries), "base", {
          stroke: false,
          fillColor: look.land,
          fillOpacity: 1,
        }),
      );
      mesh(counties, between, "lines", { color: look.county_line, weight: look.county_weight });
      mesh(counties, around, "province", { color: look.province_line, weight: look.province_weight });
      areas.forEach(({ id, geometry, properties: { name, at } }) => {
        names.add(id);
        label({ kind: look.lettering, text: name, at, priority: PRIORITY, min_zoom: 0, color: look.name }, id, {
          shape: geometry,
        });
      });
    }

    /**
     * Sea and neighbours are cut off at a rectangle: its edges fade into the background.
     * @param {number} west
     * @param {number} south
     * @param {number} east
     * @param {number} north
     * @param {string} color
     */
    function fadeEdges(west, south, east, north, color) {
      const sides = [
        { corners: L.latLngBounds([south, west], [north, west + FADE]), vector: [0, 0, 1, 0] },
        { corners: L.latLngBounds([south, east - FADE], [north, east]), vector: [1, 0, 0, 0] },
        { corners: L.latLngBounds([south, west], [south + FADE, east]), vector: [0, 1, 0, 0] },
        { corners: L.latLngBounds([north - FADE, west], [north, east]), vector: [0, 0, 0, 1] },
      ];
      return sides.map(({ corners, vector: [x1, y1, x2, y2] }, n) => {
        const gradient = panes.define("linearGradient", `fade-${n}`, { x1, y1, x2, y2 });
        for (const [offset, opacity] of [
          [0.03, 1],
          [1, 0],
        ]) {
          svg("stop", { offset, "stop-color": color, "stop-opacity": opacity }, gradient);
        }
        return L.rectangle(
          corners,
          panes.options("base", { stroke: false, fillColor: panes.urlOf(`fade-${n}`), fillOpacity: 1, noClip: true }),
        );
      });
    }

    /**
     * Show the tiles of a service in place of land and sea, or none. Tile addresses come with a message, and
     * only while the tiles are on: without them, nothing is requested.
     * @param {Basemap | null | undefined} wanted
     */
    function showTiles(wanted) {
      if (JSON.stringify(wanted || null) === JSON.stringify(service)) return;
      tiles.splice(0).forEach((layer) => layer.remove());
      service = wanted || null;
      tiles = wanted ? wanted.tiles.map((address) => tileLayer(address, wanted)) : [];
      warn("");
      fills.forEach((layer) => (service ? layer.remove() : layer.addTo(map)));
      if (!service) fills.forEach((layer) => layer.bringToFront());
    }

    /**
     * @param {string} address
     * @param {Basemap} service
     */
    function tileLayer(address, { subdomains, attribution }) {
      const layer = L.tileLayer(address, {
        pane: "jitu-tiles",
        subdomains,
        attribution: JituSurround.escaped(attribution),
      });
      layer.on("tileload", () => warn(""));
      layer.on("tileerror", () => tiles.includes(layer) && warn(drawing.scene().text.basemap_failed));
      return layer.addTo(map);
    }

    const hasTiles = () => Boolean(service);

    /** Whether an id is that of an area whose name is shown: tiles have their own names. */
    const isShown = (/** @type {string} */ id) => names.has(id) && !hasTiles();

    return { draw, showTiles, hasTiles, isShown };
  }

  return { on };
})();
