/*
 * Maps in the browser.
 *
 * Geometry travels once: open() takes an atlas (TopoJSON of counties and neighbours) and a scene
 * (features, styles, legend). A filter change is a message: show() takes what was chosen, keeps() says which
 * features that shows, and only what changed is added or removed. Polygons are dissolved here, from their counties.
 *
 * Texts reach the page as text nodes only, never as markup. No shape takes pointer events, so a click
 * anywhere is a click on Leaflet's map.
 */
"use strict";

window.JituMap = (() => {
  const BASE = { land: "#fffefb", neighbour: "#eff0f0", enclosed: "#eae5dd", sea: "#dfeaf1" };
  const LINE = { county: "#dcdfe2", neighbour: "#d2d5d8", province: "#7a828c", glow: "#c3c9cf" };
  const NARROW = 600; // px; below this width band names are small
  const WIDE = 760; // px; from this width on the legend is open without being asked
  const Z = { tiles: 200, base: 300, lines: 310, province: 474, selection: 610, leaders: 620, growth: 625, sites: 630, symbols: 640, labels: 650 };
  const NAME = "#5d656e"; // of a neighbour
  const MANY = 8; // outlines that are drawn with thinner lines
  const FILTERS = ["industry", "tier", "city", "county"];
  const { boxOf, inside } = JituShapes;
  const { CASING, svg, symbol, anchorOf, sizeOf, radiusOf, drawCircles } = JituSymbols;

  const opened = new Set(); // maps on this page
  const peers = new Set(); // of these, what moves together
  let loads = 0; // maps ever opened

  /** Draw on a Leaflet map. Atlas and scene are objects, or promises of them; `view` is where to begin. */
  function open(map, config) {
    const number = (loads += 1);
    let atlas, scene;
    const features = new Map(); // id -> feature, in drawing order
    let newest = null; // the last message
    let drawn = new Map(); // of these, what is on the map now
    let sheet = false; // layout units are drawn as on a layout sheet, not as polygons
    let selection = [];
    let pin = null;
    let lastFit = "null";
    let framed = ""; // the room that the map was last framed for; none before it had a size
    let settled = null; // the bounds last moved to, and the view that showed them

    // ---------------------------------------------------------------- entry points

    async function mount() {
      map.attributionControl.setPrefix(false);
      try {
        [scene, atlas] = await Promise.all([config.scene.then ? config.scene.then((found) => (scene = found)) : config.scene, config.atlas]);
      } catch (error) {
        readout.say(scene ? scene.text.failed : "地图数据未能载入，请刷新页面");
        throw error;
      }
      if (!opened.has(shown)) return; // closed in the meantime
      map.getContainer().setAttribute("aria-label", scene.text.map);
      // Another map may draw the same scene: what is noted on a feature here is this map's.
      scene.features.forEach((feature) => features.set(feature.id, { ...feature }));
      map.attributionControl.addAttribution(Object.values(scene.notes).map(plain).join("<br>"));
      addControls();
      legend.create();
      corner.create();
      addHatches();
      addPanes();
      resized(); // an empty map is framed at no cost
      drawBase();
      map.on("zoomend moveend", labels.schedule);
      map.on("zoomanim", labels.follow);
      map.on("zoom viewreset", () => labels.follow());
      map.on("mousemove", readout.follow);
      map.on("mouseout", readout.clear);
      // Style sheets may arrive after this script, and the page may be hidden at first: watch sizes.
      [map.getContainer(), ...map.getContainer().querySelectorAll(".leaflet-control")].forEach((e) => observer.observe(e));
      if (newest) apply(newest);
      resized();
      sync.open();
    }

    function close() {
      observer.disconnect();
      labels.stop();
      sync.close();
      opened.delete(shown);
      map.remove();
    }

    /**
     * Show what a message says. May come before the files do; the same message twice changes nothing.
     * Its `choice` is a year, the layers that are on and the chosen values of each filter.
     */
    function show(message) {
      const last = newest;
      newest = message;
      if (features.size && !(last && alike(last, message))) apply(message);
    }

    const shows = (message) => Boolean(newest) && features.size > 0 && alike(newest, message);
    const alike = (a, b) => JSON.stringify(a, inAnyOrder) === JSON.stringify(b, inAnyOrder);
    const inAnyOrder = (_, value) => (Array.isArray(value) && typeof value[0] === "string" ? [...value].sort() : value);

    /** The features that a choice shows, in drawing order. */
    function shownBy(choice) {
      const wanted = new Map();
      features.forEach((feature, id) => choice.layer.includes(feature.layer) && keeps(feature.filter_values, choice) && wanted.set(id, feature));
      return wanted;
    }

    function state() {
      const shown = {};
      drawn.forEach(({ layer }) => (shown[layer] = (shown[layer] || 0) + 1));
      const ready = features.size > 0;
      const view = map && { center: [map.getCenter().lng, map.getCenter().lat], zoom: map.getZoom() };
      const selected = selection.map((s) => s.id);
      return { ready, year: newest && newest.choice.year, shown, labels: labels.count(), selected, loads, view, sheet, basemap: basemap.on() };
    }

    function apply(message) {
      const wanted = shownBy(message.choice);
      change(Boolean(message.sheet));
      const touched = new Set();
      // What was drawn once stays in its place, out of sight: to take it away and bring it back takes long.
      features.forEach((feature, id) => {
        if (drawn.has(id) === wanted.has(id)) return;
        partsOf(feature).forEach((part) => {
          if (map.hasLayer(part)) part.getElement().style.display = wanted.has(id) ? "" : "none";
          else touched.add(part.addTo(map) && feature.pane);
        });
      });
      drawn = wanted;
      // Within a pane the scene's order holds, however the filters came about.
      const front = (part) => part.bringToFront && map.hasLayer(part) && part.bringToFront();
      features.forEach((feature) => touched.has(feature.pane) && (feature[drawingOf(feature)] || []).forEach(front));
      basemap.show(message.basemap);
      select(message.selected || []);
      inOrder().forEach(({ id, symbol: mark }) => mark && mark.rings && drawCircles(mark, newest.choice.year, selection.some((s) => s.id === id)));
      point(message.at);
      fit(message.fit);
      legend.update();
      corner.update(message);
      labels.layout(); // with the shapes, not a frame later
    }

    const inOrder = () => [...drawn.values()];
    const ids = () => [...drawn.keys()];

    /** Switch between exact polygons and the layout sheet: what changes is taken off, and then drawn anew. */
    function change(wanted) {
      if (wanted === sheet) return;
      const changing = inOrder().filter((feature) => feature.layout_diagram);
      changing.forEach((feature) => {
        partsOf(feature).forEach((part) => part.remove());
        drawn.delete(feature.id);
      });
      select([]);
      sheet = wanted;
    }

    // ---------------------------------------------------------------- the view

    /** Keep the middle where it is; a map that nobody has moved goes on showing all it showed. */
    function resized() {
      const { offsetWidth, offsetHeight } = map.getContainer();
      if (!offsetWidth || !offsetHeight) return; // out of sight
      const moved = isMoved();
      map.invalidateSize({ animate: false });
      map.getContainer().style.setProperty("--jitu-notes", `${notesHeight()}px`);
      if (room() !== framed) {
        if (!framed && config.view) map.setView(latLng(config.view.center), config.view.zoom, { animate: false });
        else if (!framed) frame((newest && newest.fit) || scene.bounds, false);
        else if (!moved) frame(settled.bounds, false);
        legend.fit(map.getSize().x >= WIDE);
        framed = room();
      }
      labels.schedule();
    }

    /** Whether the map shows anything but what it was framed for; one that rests may tell its middle a pixel off. */
    function isMoved() {
      if (!settled || map.getZoom() !== settled.zoom) return true;
      return map.latLngToLayerPoint(map.getCenter()).distanceTo(map.latLngToLayerPoint(settled.center)) > 2;
    }

    const notesHeight = () => map.attributionControl.getContainer().offsetHeight;
    // On a phone the notes and the corner take the whole width: the map is framed between them.
    const foot = () => (map.getSize().x < NARROW ? notesHeight() : 0);
    const head = () => (map.getSize().x < NARROW ? corner.height() : 0);
    const room = () => `${map.getSize()} ${head()} ${foot()}`;

    function fit(bounds) {
      const value = JSON.stringify(bounds || null);
      if (value === lastFit) return;
      lastFit = value;
      if (!bounds || !framed) return;
      sync.yield(); // the other map is move to do the same
      frame(bounds);
    }

    function frame(bounds, animate = !window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
      settled = null;
      map.once("moveend", () => (settled = { bounds, center: map.getCenter(), zoom: map.getZoom() }));
      map.fitBounds(bounds, { animate, maxZoom: 10, paddingTopLeft: [12, 12 + head()], paddingBottomRight: [12, 12 + foot()] });
    }

    /* Two maps on one page (a comparison of years) move together: the one that is used leads, the other
     * follows. What follows never answers, so nothing goes round in circles. */
    const sync = (() => {
      const peer = { tell, follow, isMoved };
      let leading = false;
      let heard = ""; // what was followed last: the end of a zoom is move again

      function open() {
        const lead = () => (leading = true);
        ["pointerdown", "wheel", "keydown"].forEach((event) => map.getContainer().addEventListener(event, lead, { capture: true, passive: true }));
        map.on("move", () => leading && tell());
        map.on("zoomanim", ({ center, zoom }) => leading && tell(center, zoom, true));
        const [first] = peers;
        peers.add(peer);
        if (first && first.isMoved()) first.tell(); // what nobody has moved frames itself, in its own time
      }

      function tell(center = map.getCenter(), zoom = map.getZoom(), animate = false) {
        if (framed) peers.forEach((other) => other !== peer && other.follow(center, zoom, animate));
      }

      function follow(center, zoom, animate) {
        leading = false;
        const move = JSON.stringify([center, zoom]);
        if (!framed || move === heard) return;
        heard = move;
        map.setView(center, zoom, { animate });
      }

      return { open, close: () => peers.delete(peer), yield: () => (leading = false) };
    })();

    // ---------------------------------------------------------------- base map

    function addPanes() {
      const panes = [...scene.panes, ...Object.entries(Z).map(([id, z]) => ({ id, z }))];
      panes.forEach(({ id, z }) => (map.createPane(`jitu-${id}`).style.zIndex = z));
    }

    const renderers = new Map();

    function onPane(pane, options) {
      if (!renderers.has(pane)) renderers.set(pane, L.svg({ pane: `jitu-${pane}`, padding: 0.25 }));
      return { pane: `jitu-${pane}`, renderer: renderers.get(pane), interactive: false, smoothFactor: 0.5, ...options };
    }

    function polygon(geometry, options) {
      return L.polygon(L.GeoJSON.coordsToLatLngs(geometry.coordinates, geometry.type === "Polygon" ? 1 : 2), options);
    }

    function drawBase() {
      const { counties, neighbours } = atlas.objects;
      const draw = (layer) => layer.addTo(map);
      const fill = (layer) => basemap.covers(draw(layer));
      const mesh = (object, keep, pane, options) =>
        draw(L.polyline(L.GeoJSON.coordsToLatLngs(topojson.mesh(atlas, object, keep).coordinates, 1), onPane(pane, options)));
      const between = (a, b) => a !== b;
      const around = (a, b) => a === b;

      const areas = topojson.feature(atlas, neighbours).features;
      const boxes = areas.map((area) => boxOf(area.geometry));
      const [west, south] = [0, 1].map((i) => Math.min(...boxes.map((box) => box[i])));
      const [east, north] = [2, 3].map((i) => Math.max(...boxes.map((box) => box[i])));
      map.getContainer().style.background = BASE.neighbour;
      fill(L.rectangle([[south, west], [north, east]], onPane("base", { stroke: false, fillColor: BASE.sea, fillOpacity: 1 })));
      areas.forEach(({ geometry, properties }) => {
        const color = properties.enclosed ? BASE.enclosed : BASE.neighbour;
        fill(polygon(geometry, onPane("base", { color, fillColor: color, weight: 1, fillOpacity: 1 })));
      });
      mesh(neighbours, between, "lines", { color: LINE.neighbour, weight: 1 });
      fadeEdges(west, south, east, north);
      fill(mesh(counties, around, "base", { color: LINE.glow, weight: 7, opacity: 0.35 }));
      fill(polygon(topojson.merge(atlas, counties.geometries), onPane("base", { stroke: false, fillColor: BASE.land, fillOpacity: 1 })));
      mesh(counties, between, "lines", { color: LINE.county, weight: 0.7 });
      mesh(counties, around, "province", { color: LINE.province, weight: 1.3 });
      areas.forEach(({ id, geometry, properties }) =>
        labels.add({ kind: "neighbour", text: properties.name, at: properties.at, priority: 9, min_zoom: 0, color: NAME }, id, { shape: geometry }));
    }

    /** Sea and neighbours are cut off at a window: let its edges fade into the background. */
    function fadeEdges(west, south, east, north) {
      const depth = 0.9; // degrees
      const sides = [
        { corners: [[south, west], [north, west + depth]], vector: [0, 0, 1, 0] },
        { corners: [[south, east - depth], [north, east]], vector: [1, 0, 0, 0] },
        { corners: [[south, west], [south + depth, east]], vector: [0, 1, 0, 0] },
        { corners: [[north - depth, west], [north, east]], vector: [0, 0, 0, 1] },
      ];
      sides.forEach(({ corners, vector: [x1, y1, x2, y2] }, n) => {
        const gradient = svg("linearGradient", { id: `jitu-fade-${number}-${n}`, x1, y1, x2, y2 }, definitions());
        for (const [offset, opacity] of [[0.03, 1], [1, 0]]) {
          svg("stop", { offset, "stop-color": BASE.neighbour, "stop-opacity": opacity }, gradient);
        }
        const fill = { stroke: false, fillColor: `url(#${gradient.id})`, fillOpacity: 1, noClip: true };
        basemap.covers(L.rectangle(corners, onPane("base", fill)).addTo(map));
      });
    }

    /* Tiles of a configured service below everything. Their addresses come with a message and only then:
     * while they are off, there is nobody to ask. Land and sea make way for them. */
    const basemap = (() => {
      const covers = [];
      let tiles = [];
      let shown = null;

      function show(wanted) {
        if (JSON.stringify(wanted || null) === JSON.stringify(shown)) return;
        tiles.splice(0).forEach((layer) => layer.remove());
        shown = wanted || null;
        tiles = shown ? shown.tiles.map(tileLayer) : [];
        corner.warn("");
        covers.forEach((layer) => (shown ? layer.remove() : layer.addTo(map)));
        if (!shown) covers.forEach((layer) => layer.bringToFront());
      }

      function tileLayer(url) {
        const layer = L.tileLayer(url, { pane: "jitu-tiles", subdomains: shown.subdomains, attribution: plain(shown.attribution) });
        layer.on("tileload", () => corner.warn(""));
        layer.on("tileerror", () => tiles.includes(layer) && corner.warn(scene.text.basemap_failed));
        return layer.addTo(map);
      }

      return { show, covers: (layer) => covers.push(layer), on: () => Boolean(shown) };
    })();

    // ---------------------------------------------------------------- features

    /** The layers that draw a feature, made when it is first shown. */
    function partsOf(feature) {
      const key = drawingOf(feature);
      if (!feature[key]) {
        const mark = symbolOf(feature);
        feature[key] = [
          ...(outlineOf(feature) ? [polygon(outlineOf(feature), onPane(feature.pane, pathOptions(styleOf(feature))))] : []),
          ...(mark ? [symbolMarker(mark)] : []),
        ];
        if (feature.label) labels.add(feature.label, feature.id, feature);
      }
      return feature[key];
    }

    const drawingOf = (feature) => (sheet && feature.layout_diagram ? "planned" : "parts");

    /** What a feature's polygon and symbol are now: exact, or as on a layout sheet. */
    const outlineOf = (feature) => (sheet && feature.layout_diagram ? feature.layout_diagram.geometry : shapeOf(feature));
    const styleOf = (feature) => (sheet && feature.layout_diagram ? feature.layout_diagram.style : feature.style);
    const symbolOf = (feature) => (sheet && feature.layout_diagram ? feature.layout_diagram.symbol : feature.symbol);

    /** A feature's polygon: its own, or the union of its counties or neighbours; none for what is only a point. */
    function shapeOf(feature) {
      if (!feature.shape) {
        const members = new Set(feature.members);
        const areas = Object.values(atlas.objects).flatMap((object) => object.geometries);
        const merge = () => topojson.merge(atlas, areas.filter((g) => members.has(g.id)));
        feature.shape = feature.geometry || (members.size ? merge() : null);
      }
      return feature.shape;
    }

    function pathOptions(id) {
      const { fill, fillOpacity, hatch, stroke, weight, opacity, dash } = scene.styles[id];
      return {
        stroke: Boolean(stroke), color: stroke, weight, opacity, dashArray: dash,
        fill: hatch || Boolean(fill), fillColor: hatch ? `url(#jitu-hatch-${number}-${id})` : fill, fillOpacity,
      };
    }

    function addHatches() {
      for (const [id, { fill, stroke, hatch }] of Object.entries(scene.styles)) {
        if (!hatch) continue;
        const tile = { id: `jitu-hatch-${number}-${id}`, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
        svg("path", { d: "M1 0V6", stroke: fill || stroke, "stroke-width": 1.6 }, svg("pattern", tile, definitions()));
      }
    }

    function select(ids) {
      const wanted = ids.filter((id) => features.has(id) && (outlineOf(features.get(id)) || symbolOf(features.get(id))));
      if (wanted.join() === selection.map((s) => s.id).join()) return;
      selection.forEach(({ parts }) => parts.forEach((part) => part.remove()));
      const share = wanted.length > MANY ? 0.55 : 1;
      selection = wanted.map((id) => {
        const feature = features.get(id);
        const outline = (line) => {
          const options = onPane("selection", { ...line, weight: line.weight * share, fill: false, radius: 20 });
          return outlineOf(feature) ? polygon(outlineOf(feature), options) : L.circleMarker(latLng(symbolOf(feature).at), options);
        };
        const mark = symbolOf(feature);
        return { id, parts: mark && mark.rings ? [] : CASING.map(outline) }; // circles are drawn anew, see apply()
      });
      CASING.forEach((_, n) => selection.forEach(({ parts }) => parts[n] && parts[n].addTo(map)));
    }

    function point(at) {
      if (pin) pin.remove();
      pin = null;
      if (!at) return;
      const image = svg("svg", { width: 26, height: 26, viewBox: "-13 -13 26 26" });
      for (const line of [{ stroke: "#fff", "stroke-width": 4.5 }, { stroke: "#151b23", "stroke-width": 2 }]) {
        svg("path", { d: "M0 -12V-4M0 4V12M-12 0H-4M4 0H12", "stroke-linecap": "round", ...line }, image);
        svg("circle", { r: 6, fill: "none", ...line }, image);
      }
      pin = marker(at, image, [13, 13]).addTo(map);
    }

    function symbolMarker(mark) {
      if (mark.rings) return circlesMarker(mark);
      const pane = mark.slots ? "sites" : "symbols";
      return marker(mark.at, symbol(mark.kind, mark.text, mark.color), anchorOf(mark), pane);
    }

    /* Circles of a cluster's targets. Where two would cover each other they move apart, tied to their places. */

    function circlesMarker(mark) {
      const { width, height, anchor } = sizeOf(mark);
      mark.image = svg("svg", { width, height, viewBox: `${-anchor[0]} ${-anchor[1]} ${width} ${height}` });
      const made = marker(mark.at, mark.image, anchor, "growth");
      return made.setZIndexOffset(Math.round(-100 * radiusOf(mark)));
    }

    function marker(at, element, anchor, pane = "symbols") {
      const icon = L.divIcon({ html: element, className: "jitu-symbol", iconSize: null, iconAnchor: anchor });
      return L.marker(latLng(at), { icon, pane: `jitu-${pane}`, interactive: false, keyboard: false });
    }

    function definitions() {
      const container = map.getContainer();
      return container.querySelector(".jitu-definitions defs")
        || svg("defs", {}, svg("svg", { class: "jitu-definitions", width: 0, height: 0, "aria-hidden": true }, container));
    }

    const drawing = {
      scene: () => scene,
      atlas: () => atlas,
      year: () => newest.choice.year,
      isSheet: () => sheet,
      shown: inOrder,
      isShown: (id) => drawn.has(id),
      hasBasemap: () => basemap.on(),
      home: () => frame(scene.bounds),
      outlineOf,
      symbolOf,
      pathOptions,
    };
    const labels = JituLabels.on(map, drawing);
    const { legend, corner, readout, addControls } = JituSurround.on(map, drawing);
    const observer = new ResizeObserver(resized);
    const filter_options = () => scene.filter_options;
    const shown = { show, shows, ids, filter_options, state, close, map, element: map.getContainer() };
    opened.add(shown);
    mount();
    return shown;
  }

  // ---------------------------------------------------------------- small tools

  const latLng = ([lon, lat]) => L.latLng(lat, lon);
  const plain = (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

  /**
   * Whether a choice keeps a feature with these filter_values (layers/reading/view.py): values within a filter are any-of,
   * filters combine with and, nothing chosen keeps all.
   */
  function keeps(filter_values, choice) {
    for (const name of FILTERS) {
      const [own, wanted] = [filter_values[name], choice[name]];
      if (own && wanted && wanted.length && !own.some((value) => wanted.includes(value))) return false;
    }
    return filter_values.year === null || filter_values.year === choice.year;
  }

  const precedes = (a, b) => a.element.compareDocumentPosition(b.element) & Node.DOCUMENT_POSITION_FOLLOWING;

  return {
    open,
    inside,
    keeps,
    /** The maps on this page, in its order. */
    get maps() {
      return [...opened].sort((a, b) => (precedes(a, b) ? -1 : 1));
    },
  };
})();
