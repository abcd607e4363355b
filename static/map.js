/*
 * Maps in the browser.
 *
 * Geometry travels once: open() takes an atlas (TopoJSON of counties and neighbours) and a scene
 * (features, styles, legend). A filter change is a message: show() takes a small diff that says what is
 * visible, and only what changed is added or removed. Polygons are dissolved here, from their counties.
 *
 * Texts reach the page as text nodes only, never as markup. No shape takes pointer events, so a click
 * anywhere is a click on Leaflet's map.
 */
"use strict";

window.JituMap = (() => {
  const BASE = { land: "#fffefb", neighbour: "#eff0f0", enclosed: "#eae5dd", sea: "#dfeaf1" };
  const LINE = { county: "#dcdfe2", neighbour: "#d2d5d8", province: "#7a828c", glow: "#c3c9cf" };
  const CASING = [{ color: "#151b23", weight: 6.5 }, { color: "#ffd21f", weight: 3 }];
  const RED = { core: "#c8102e", pole: "#9e1b32", wing: "#9e1b32" };
  const FONT = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC",sans-serif';
  const LONG = 10; // characters; a longer cluster name takes two lines
  const NARROW = 600; // px; below this width band names are small
  const WIDE = 760; // px; from this width on the legend is open without being asked
  const Z = { tiles: 200, base: 300, lines: 310, province: 474, selection: 610, leaders: 620, growth: 625, sites: 630, symbols: 640, labels: 650 };

  // Lines of a label: size in px, weight, letter spacing in px. Rank breaks ties between equal priorities.
  const TYPE = {
    unit: { rank: 0, lines: [{ size: 14, weight: 700, spacing: 0.5 }] },
    growth: { rank: 1, lines: [{ size: 12.5, weight: 700, spacing: 0 }, { size: 11, weight: 500, spacing: 0 }] },
    cluster: { rank: 1, lines: [{ size: 12.5, weight: 700, spacing: 0 }, { size: 11, weight: 500, spacing: 0 }] },
    belt: { rank: 2, lines: [{ size: 17, weight: 700, spacing: 4 }], narrow: [{ size: 13, weight: 700, spacing: 1.5 }] },
    region: { rank: 3, lines: [{ size: 16, weight: 700, spacing: 3 }], narrow: [{ size: 13, weight: 700, spacing: 1.5 }] },
    city: { rank: 4, lines: [{ size: 13, weight: 700, spacing: 1 }] },
    base: { rank: 5, lines: [{ size: 11, weight: 500, spacing: 0 }] },
    project: { rank: 5, lines: [{ size: 11, weight: 400, spacing: 0 }] },
    county: { rank: 5, lines: [{ size: 11, weight: 400, spacing: 0 }] },
    neighbour: { rank: 6, lines: [{ size: 12.5, weight: 500, spacing: 3 }] },
  };
  const CELL = 64; // px; of the grid in which labels look for room
  const COLUMN = 1e6; // more cells than a column of it has
  const DOT = 3.2; // px; radius of the dot that marks a cluster's core
  // Symbols: size and anchor in px, and the character that names the kind in the legend.
  const SYMBOL = {
    core: { width: 48, height: 32, anchor: [16, 16], text: "核" },
    pole: { width: 30, height: 30, anchor: [15, 15], text: "极" },
    wing: { width: 26, height: 26, anchor: [13, 13], text: "翼" },
    base: { width: 12, height: 12, anchor: [6, 6], text: "" },
    project: { width: 12, height: 12, anchor: [6, 6], text: "" },
    // On the layout sheet (规划图式); what radiates from them lies below other things' names.
    "core-sheet": { width: 68, height: 44, anchor: [22, 22], text: "核" },
    "pole-sheet": { width: 42, height: 42, anchor: [21, 21], text: "极" },
  };
  const SLOTS_IN_A_ROW = 6; // sites that stand for the same place lie side by side
  const NAME = "#5d656e"; // of a neighbour
  const INK = "#1f2933";
  const GOLD = "#ffd21f";
  const SITE = "#5b6673"; // colour of a site in the legend, where it stands for all industries

  const opened = new Set(); // maps on this page
  const peers = new Set(); // of these, what moves together
  let loads = 0; // maps ever opened

  /** Draw on a Leaflet map. Atlas and scene are objects, or promises of them; `view` is where to begin. */
  function open(map, config) {
    const number = (loads += 1);
    let atlas, scene;
    const features = new Map(); // id -> feature, in drawing order
    let newest = null; // the last diff asked for
    let drawn = new Set(); // ids on the map now
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

    /** Show what a diff says. May come before the files do; the same diff twice changes nothing. */
    function show(diff) {
      const told = newest;
      newest = diff;
      if (features.size && !(told && alike(told, diff))) apply(diff);
    }

    const shows = (diff) => Boolean(newest) && features.size > 0 && alike(newest, diff);
    const alike = (a, b) => JSON.stringify({ ...a, show: [...idsOf(a)] }) === JSON.stringify({ ...b, show: [...idsOf(b)] });

    /** Ids of the features that a diff shows, in drawing order. */
    const idsOf = remembered((diff) => {
      const shown = new Map(Object.entries(diff.show).map(([layer, ids]) => [layer, ids === "*" ? ids : new Set(ids)]));
      const wanted = new Set();
      features.forEach((feature, id) => {
        const ids = shown.get(feature.layer);
        if (ids === "*" || (ids && ids.has(id.slice(feature.layer.length + 1)))) wanted.add(id);
      });
      return wanted;
    });

    /** The diff that shows the same for another year, other filters and layers: by the rule, ahead of a message. */
    function chosen(diff, choice) {
      const show = Object.fromEntries([...choice.layer].map((layer) => [layer, []]));
      features.forEach(({ layer, traits }, id) => {
        if (show[layer] && keeps(traits, choice)) show[layer].push(id.slice(layer.length + 1));
      });
      return { ...diff, year: choice.year, show };
    }

    function state() {
      const shown = {};
      drawn.forEach((id) => (shown[features.get(id).layer] = (shown[features.get(id).layer] || 0) + 1));
      const ready = features.size > 0;
      const view = map && { center: [map.getCenter().lng, map.getCenter().lat], zoom: map.getZoom() };
      const selected = selection.map((s) => s.id);
      return { ready, year: newest && newest.year, shown, labels: labels.count(), selected, loads, view, sheet, basemap: basemap.on() };
    }

    function apply(diff) {
      const wanted = idsOf(diff);
      change(Boolean(diff.sheet));
      const touched = new Set();
      features.forEach((feature, id) => {
        if (drawn.has(id) === wanted.has(id)) return;
        partsOf(feature).forEach((part) => (wanted.has(id) ? part.addTo(map) : part.remove()));
        if (wanted.has(id)) touched.add(feature.pane);
      });
      drawn = wanted;
      // Within a pane the scene's order holds, however the filters came about.
      inOrder().forEach((f) => touched.has(f.pane) && partsOf(f).forEach((part) => part.bringToFront && part.bringToFront()));
      basemap.show(diff.basemap);
      select(diff.selected || []);
      inOrder().forEach(({ id, symbol: mark }) => mark && mark.rings && drawCircles(mark, selection.some((s) => s.id === id)));
      point(diff.at);
      fit(diff.fit);
      legend.update();
      corner.update(diff);
      labels.layout(); // with the shapes, not a frame later
    }

    const inOrder = () => [...features.values()].filter((feature) => drawn.has(feature.id));

    /** Switch between exact polygons and the layout sheet: what changes is taken off, and then drawn anew. */
    function change(wanted) {
      if (wanted === sheet) return;
      const changing = inOrder().filter((feature) => feature.structure);
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
      const moved = !settled || map.getZoom() !== settled.zoom || !map.getCenter().equals(settled.center);
      map.invalidateSize({ animate: false });
      map.getContainer().style.setProperty("--jitu-notes", `${notesHeight()}px`);
      if (map.getSize().x > 0 && room() !== framed) {
        if (!framed && config.view) map.setView(latLng(config.view.center), config.view.zoom, { animate: false });
        else if (!framed) frame((newest && newest.fit) || scene.bounds, false);
        else if (!moved) frame(settled.bounds, false);
        legend.fit(map.getSize().x >= WIDE);
        framed = room();
      }
      labels.schedule();
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
      sync.yield(); // the other map is told to do the same
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
      const peer = { tell, follow };
      let leading = false;
      let heard = ""; // what was followed last: the end of a zoom is told again

      function open() {
        const lead = () => (leading = true);
        ["pointerdown", "wheel", "keydown"].forEach((event) => map.getContainer().addEventListener(event, lead, { capture: true, passive: true }));
        map.on("move", () => leading && tell());
        map.on("zoomanim", ({ center, zoom }) => leading && tell(center, zoom, true));
        const [first] = peers;
        peers.add(peer);
        if (first) first.tell();
      }

      function tell(center = map.getCenter(), zoom = map.getZoom(), animate = false) {
        if (framed) peers.forEach((other) => other !== peer && other.follow(center, zoom, animate));
      }

      function follow(center, zoom, animate) {
        leading = false;
        const told = JSON.stringify([center, zoom]);
        if (!framed || told === heard) return;
        heard = told;
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
      const key = sheet && feature.structure ? "planned" : "parts";
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

    /** What a feature's polygon and symbol are now: exact, or as on a layout sheet. */
    const outlineOf = (feature) => (sheet && feature.structure ? feature.structure.geometry : shapeOf(feature));
    const styleOf = (feature) => (sheet && feature.structure ? feature.structure.style : feature.style);
    const symbolOf = (feature) => (sheet && feature.structure ? feature.structure.symbol : feature.symbol);

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
      selection = wanted.map((id) => {
        const feature = features.get(id);
        const outline = (line) => {
          const options = onPane("selection", { ...line, fill: false, radius: 20 });
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

    /** A symbol's anchor in px; sites of one place have a slot each in a small grid about it. */
    function anchorOf(mark) {
      const { width, height, anchor } = sizeOf(mark);
      const { slot = 0, slots = 1 } = mark;
      const column = (slot % SLOTS_IN_A_ROW) - (Math.min(slots, SLOTS_IN_A_ROW) - 1) / 2;
      const row = Math.floor(slot / SLOTS_IN_A_ROW);
      return [anchor[0] - column * (width + 1), anchor[1] - row * (height + 1)];
    }

    function sizeOf(mark) {
      if (!mark.rings) return SYMBOL[mark.kind];
      const reach = radiusOf(mark) + 2;
      return { width: 2 * reach, height: 2 * reach, anchor: [reach, reach] };
    }

    const radiusOf = ({ rings }) => Math.max(...rings.map(({ radius }) => radius));

    /* Circles of a cluster's targets. Where two would cover each other they move apart, tied to their places. */

    function circlesMarker(mark) {
      const { width, height, anchor } = sizeOf(mark);
      mark.image = svg("svg", { width, height, viewBox: `${-anchor[0]} ${-anchor[1]} ${width} ${height}` });
      const made = marker(mark.at, mark.image, anchor, "growth");
      return made.setZIndexOffset(Math.round(-100 * radiusOf(mark)));
    }

    /** Draw a cluster's circles for the year: earlier years inside and darker, a ring round the year's, a star for what passes. */
    function drawCircles({ image, rings, color }, selected) {
      const year = rings.find((ring) => ring.year === newest.year);
      image.replaceChildren();
      const around = (line) => svg("circle", { r: radiusOf({ rings }) + 3.5, fill: "none", stroke: line.color, "stroke-width": line.weight }, image);
      if (selected) CASING.forEach(around);
      [...rings].sort((a, b) => b.radius - a.radius).forEach(({ radius, fill }, n) =>
        svg("circle", { r: radius, fill, stroke: n ? "#fff" : color, "stroke-width": n ? 0.6 : 1 }, image));
      if (!year) return;
      svg("circle", { r: year.radius, fill: "none", stroke: INK, "stroke-width": 2.2 }, image);
      if (year.passes) svg("path", { d: star(7.5), fill: GOLD, stroke: INK, "stroke-width": 1, "stroke-linejoin": "round" }, image);
    }

    /** Push circles off each other and off the layout's symbols, and note how far each was moved. */
    function spreadCircles(symbols) {
      const circles = symbols.filter((mark) => mark.rings);
      if (!circles.length) return;
      const fixed = symbols.filter((mark) => !mark.rings && !mark.slots);
      const bodies = [...circles, ...fixed].map((mark) => {
        const home = map.latLngToContainerPoint(latLng(mark.at));
        return { mark, home, at: home, radius: (mark.rings ? radiusOf(mark) : sizeOf(mark).anchor[0]) + 1.5 };
      });
      for (let round = 0; round < 60; round += 1) {
        bodies.slice(0, circles.length).forEach((a, i) => bodies.slice(i + 1).forEach((b) => {
          const distance = a.at.distanceTo(b.at);
          const missing = a.radius + b.radius - distance;
          if (missing <= 0) return;
          const away = distance ? b.at.subtract(a.at).divideBy(distance) : L.point(1, 0);
          a.at = a.at.subtract(away.multiplyBy(b.mark.rings ? missing / 2 : missing));
          if (b.mark.rings) b.at = b.at.add(away.multiplyBy(missing / 2));
        }));
      }
      bodies.slice(0, circles.length).forEach(({ mark, home, at }) => {
        mark.shift = at.subtract(home).round();
        mark.image.style.transform = `translate(${mark.shift.x}px, ${mark.shift.y}px)`;
      });
    }

    function marker(at, element, anchor, pane = "symbols") {
      const icon = L.divIcon({ html: element, className: "jitu-symbol", iconSize: null, iconAnchor: anchor });
      return L.marker(latLng(at), { icon, pane: `jitu-${pane}`, interactive: false, keyboard: false });
    }

    // ---------------------------------------------------------------- labels

    /* Greedy placement by priority: each label takes the first position that covers no symbol, control or
     * earlier label. A cluster's label may move away from its dot, and is then tied to it by a leader; the
     * name of an area may move within the area. */
    const labels = (() => {
      const known = new Map(); // id -> label record
      let placed = [];
      let pending = 0;
      let leaders = null;
      let written = ""; // what was laid out last: a layout that finds the same leaves the page alone
      const pen = document.createElement("canvas").getContext("2d");

      function add(label, id, feature) {
        if (!known.has(id)) known.set(id, { ...label, id, feature, type: TYPE[label.kind], order: known.size });
      }

      /** Where a label belongs now: its position, the symbol it stands beside, its point on the screen. */
      function locate(label) {
        const { feature } = label;
        label.symbol = symbolOf(feature);
        label.position = latLng(sheet && feature.structure ? feature.structure.at : label.at);
        label.shift = (label.symbol && label.symbol.shift) || L.point(0, 0);
        label.point = map.latLngToContainerPoint(label.position).add(label.shift);
      }

      // A frame asked for while the page is hidden never comes: ask anew each time instead of waiting for it.
      function schedule() {
        cancelAnimationFrame(pending);
        pending = requestAnimationFrame(layout);
      }

      function layout() {
        const zoom = map.getZoom();
        const view = L.bounds([0, 0], map.getSize());
        const present = (l) => (l.kind === "neighbour" ? !basemap.on() : drawn.has(l.id)) && zoom >= l.min_zoom;
        const symbols = inOrder().map(symbolOf).filter(Boolean);
        spreadCircles(symbols);
        const wanted = [...known.values()].filter(present);
        wanted.forEach(locate);
        const controls = controlBoxes();
        const hidden = (l) => led(l) && controls.some((box) => overlap(around(l.point, 0), box));
        const seen = wanted.filter((l) => view.contains(l.point) && !hidden(l));
        seen.sort((a, b) => a.priority - b.priority || a.type.rank - b.type.rank || a.order - b.order);
        const obstacles = [
          ...controls,
          ...symbols.map(symbolBox),
          ...seen.filter(dotted).map((l) => around(l.point, DOT + 1.5)),
        ];
        let places = arrange(seen, obstacles);
        // Clusters that found no room get a second chance before the others, if nobody is lost by it.
        const [left, rest] = [[], []];
        seen.forEach((l) => (l.kind === "cluster" && !places.has(l) ? left : rest).push(l));
        if (left.length) {
          rest.splice(Math.max(0, rest.findIndex((l) => l.kind === "cluster")), 0, ...left);
          const other = arrange(rest, obstacles);
          if (other.size > places.size) places = other;
        }
        const laid = JSON.stringify([[...places].map(toText), seen.filter(led).map(({ id, point, shift }) => [id, point, shift])]);
        if (laid === written) return;
        placed.forEach((l) => places.has(l) || l.element.remove());
        placed = [...places.keys()];
        places.forEach((place, label) => write(Object.assign(label, place)));
        follow();
        drawLeaders(seen);
        written = laid;
      }

      const toText = ([{ id, position }, { lines, offset, leader }]) => [id, map.latLngToLayerPoint(position), lines, offset, leader];

      /** Give labels their places, in this order; those that find none are missing in the answer. */
      function arrange(order, obstacles) {
        const size = map.getSize();
        const reach = Math.min(160, 0.14 * size.x);
        const taken = shelf(obstacles);
        const words = shelf([]); // boxes of text: a leader runs beneath symbols, but never through a word
        const texts = new Set(); // a place drawn by two layers is named once
        const places = new Map();
        for (const label of order) {
          if (texts.has(label.text)) continue;
          const lines = linesOf(label);
          const width = Math.ceil(Math.max(...lines.map(lengthOf))) + 4;
          const height = Math.ceil(lines.reduce((sum, line) => sum + line.size * 1.25, 0));
          for (const { x, y, far } of positions(label, width, height, reach)) {
            const box = [label.point.x + x, label.point.y + y, label.point.x + x + width, label.point.y + y + height];
            if (box[0] < 2 || box[1] < 2 || box[2] > size.x - 2 || box[3] > size.y - 2) continue;
              if (taken.meets(box)) continue;
            if (far && !led(label) && !stays(label, box)) continue;
            const path = far && led(label) ? leaderBoxes(label.point, box) : [];
            if (path.some(words.meets)) continue;
            [box, ...path].forEach(taken.add);
            words.add(box);
            texts.add(label.text);
            places.set(label, { lines, width, offset: L.point(x, y).add(label.shift).round(), leader: far && nearest(label.point, box) });
            break;
          }
        }
        return places;
      }

      /** Offsets of a label's top left corner from its point, best first. */
      function* positions(label, w, h, reach) {
        const { width, height } = label.symbol ? sizeOf(label.symbol) : { width: 12, height: 12 };
        const anchor = label.symbol ? anchorOf(label.symbol) : [6, 6];
        if (label.symbol || led(label)) {
          yield { x: width - anchor[0], y: -h / 2 };
          yield { x: -anchor[0] - w, y: -h / 2 };
          yield { x: -w / 2, y: height - anchor[1] };
          yield { x: -w / 2, y: -anchor[1] - h };
        } else {
          yield { x: -w / 2, y: -h / 2 };
        }
        if (label.symbol && !led(label)) return;
        const furthest = led(label) ? reach : Math.min(reach, extentOf(label.feature));
        for (let distance = width / 2 + 4; distance <= furthest; distance *= 1.25) {
          for (let step = 0; step < 24; step += 1) {
            const [cos, sin] = [Math.cos((step * Math.PI) / 12), Math.sin((step * Math.PI) / 12)];
            // A dot's label turns its near side to the dot; the name of an area moves about its middle.
            if (led(label)) yield { x: cos * distance - (w / 2) * (1 - cos), y: sin * distance - (h / 2) * (1 - sin), far: true };
            else yield { x: cos * distance - w / 2, y: sin * distance - h / 2, far: true };
          }
        }
      }

      /** How far apart two places of an area can be, in px. */
      function extentOf(feature) {
        if (!outlineOf(feature)) return 0;
        const [west, south, east, north] = boxOf(outlineOf(feature));
        return map.latLngToContainerPoint([south, west]).distanceTo(map.latLngToContainerPoint([north, east]));
      }

      function linesOf(label) {
        const [name, year] = (map.getSize().x < NARROW && label.type.narrow) || label.type.lines;
        const lines = (led(label) ? halves(label.text) : [label.text]).map((text) => ({ text, ...name }));
        const figures = (label.by_year && label.by_year[newest.year]) || "";
        return [...lines, ...figures.split("\n").filter(Boolean).map((text) => ({ text, ...year }))];
      }

      /** Break a long name in two, after a conjunction if one stands near the middle. */
      function halves(text) {
        if (text.length <= LONG) return [text];
        const middle = Math.ceil(text.length / 2);
        const breaks = [...text].flatMap((c, i) => ("和与及、".includes(c) && Math.abs(i + 1 - middle) <= 2 ? [i + 1] : []));
        const at = breaks.length ? breaks[0] : middle;
        return [text.slice(0, at), text.slice(at)];
      }

      const lengths = new Map();

      function lengthOf({ text, size, weight, spacing }) {
        const key = `${weight} ${size}px ${FONT} ${text}`;
        if (!lengths.has(key)) {
          pen.font = `${weight} ${size}px ${FONT}`;
          lengths.set(key, pen.measureText(text).width + spacing * text.length);
        }
        return lengths.get(key);
      }

      function controlBoxes() {
        const origin = map.getContainer().getBoundingClientRect();
        return [...map.getContainer().querySelectorAll(".leaflet-control")].map((element) => {
          const box = element.getBoundingClientRect();
          return [box.left - origin.left - 4, box.top - origin.top - 4, box.right - origin.left + 4, box.bottom - origin.top + 4];
        });
      }

      function symbolBox(mark) {
        const { width, height } = sizeOf(mark);
        const anchor = anchorOf(mark);
        const point = map.latLngToContainerPoint(latLng(mark.at)).add(mark.shift || [0, 0]);
        return [point.x - anchor[0], point.y - anchor[1], point.x - anchor[0] + width, point.y - anchor[1] + height];
      }

      /** Boxes [left, top, right, bottom] on the screen, found by where they are. */
      function shelf(boxes) {
        const cells = new Map();
        const places = (box) => box.map((value) => Math.floor(value / CELL));

        function add(box) {
          const [left, top, right, bottom] = places(box);
          for (let x = left; x <= right; x += 1) {
            for (let y = top; y <= bottom; y += 1) {
              const cell = COLUMN * x + y;
              if (cells.has(cell)) cells.get(cell).push(box);
              else cells.set(cell, [box]);
            }
          }
        }

        function meets(box) {
          const [left, top, right, bottom] = places(box);
          for (let x = left; x <= right; x += 1) {
            for (let y = top; y <= bottom; y += 1) {
              if ((cells.get(COLUMN * x + y) || []).some((other) => overlap(box, other))) return true;
            }
          }
          return false;
        }

        boxes.forEach(add);
        return { add, meets };
      }

      const dotted = ({ kind }) => kind === "cluster";
      const led = ({ kind }) => kind === "cluster" || kind === "growth"; // may move away, tied by a leader
      const around = ({ x, y }, r) => [x - r, y - r, x + r, y + r];
      const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
      // Does the name of an area lie in it: a neighbour's from end to end, others with their middle?
      const stays = ({ kind, feature }, [x0, y0, x1, y1]) =>
        (kind === "neighbour" ? [x0, x1] : [(x0 + x1) / 2]).every((x) => {
          const { lng, lat } = map.containerPointToLatLng([x, (y0 + y1) / 2]);
          return Boolean(outlineOf(feature)) && inside([lng, lat], outlineOf(feature));
        });
      const nearest = ({ x, y }, box) => L.point(Math.max(box[0], Math.min(x, box[2])), Math.max(box[1], Math.min(y, box[3])));

      function leaderBoxes(from, box) {
        const to = nearest(from, box);
        const steps = Math.max(1, Math.round(from.distanceTo(to) / 5));
        return Array.from({ length: steps }, (_, i) => around(from.add(to.subtract(from).multiplyBy(i / steps)), 1.5));
      }

      function write(label) {
        if (!label.element) {
          label.element = L.DomUtil.create("div", `jitu-label jitu-label-${label.kind} leaflet-zoom-animated`);
          label.element.style.color = label.color;
        }
        const text = label.lines.map((line) => line.text).join("\n");
        if (label.written !== text) {
          label.written = text;
          label.element.replaceChildren(...label.lines.map(({ text: words, size, weight, spacing }) => {
            const line = document.createElement("div");
            line.textContent = words;
            line.style.font = `${weight} ${size}px/1.25 ${FONT}`;
            line.style.letterSpacing = `${spacing}px`;
            return line;
          }));
          label.element.style.width = `${label.width}px`;
        }
        if (!label.element.parentNode) map.getPane("jitu-labels").appendChild(label.element);
      }

      /** Keep labels at their places while the map zooms; the next layout places them anew. */
      function follow(event) {
        if (leaders) leaders.style.visibility = "hidden";
        written = "";
        placed.forEach((label) => {
          const point = event ? map._latLngToNewLayerPoint(label.position, event.zoom, event.center) : map.latLngToLayerPoint(label.position);
          L.DomUtil.setPosition(label.element, point.add(label.offset));
        });
      }

      function drawLeaders(seen) {
        if (!leaders) leaders = svg("svg", { class: "jitu-leaders", width: 1, height: 1 }, map.getPane("jitu-leaders"));
        leaders.replaceChildren();
        const shift = map.containerPointToLayerPoint([0, 0]);
        const tie = (from, to, color) => {
          const ends = { x1: from.x, y1: from.y, x2: to.x, y2: to.y };
          svg("line", { ...ends, stroke: "#fff", "stroke-width": 3, "stroke-opacity": 0.8 }, leaders);
          svg("line", { ...ends, stroke: color, "stroke-width": 1.1 }, leaders);
        };
        const dot = ({ x, y }, color) => svg("circle", { cx: x, cy: y, r: DOT, fill: color, stroke: "#fff", "stroke-width": 1.4 }, leaders);
        // A cluster has its dot even where its name finds no room.
        seen.filter(led).forEach((label) => {
          const from = label.point.add(shift);
          const home = from.subtract(label.shift);
          if (placed.includes(label) && label.leader) tie(from, label.leader.add(shift), label.color);
          if (label.shift.x || label.shift.y) tie(from, home, label.color);
          dot(home, label.color);
        });
        leaders.style.visibility = "visible";
      }

      const stop = () => cancelAnimationFrame(pending);

      return { add, schedule, layout, stop, follow, count: () => placed.length };
    })();

    // ---------------------------------------------------------------- legend, readout, controls

    const legend = (() => {
      let head, body, listed, roomy;

      function create() {
        const control = L.control({ position: "bottomleft" });
        control.onAdd = () => {
          const box = L.DomUtil.create("div", "jitu-legend");
          head = L.DomUtil.create("button", "jitu-legend-head", box);
          head.type = "button";
          body = L.DomUtil.create("div", "jitu-legend-body", box);
          head.addEventListener("click", () => open(body.hidden));
          open(false);
          L.DomEvent.disableClickPropagation(box).disableScrollPropagation(box);
          return box;
        };
        control.addTo(map);
      }

      function open(yes) {
        body.hidden = !yes;
        head.setAttribute("aria-expanded", yes);
      }

      /** Open where there is room, and close where there is none; in between, leave it as somebody wants it. */
      function fit(yes) {
        if (yes !== roomy) open(yes);
        roomy = yes;
      }

      /** List what the features now drawn stand for, and nothing else. */
      function update() {
        head.textContent = newest.year ? scene.text.legend_of.replace("{year}", newest.year) : scene.text.legend;
        const keys = new Set([...drawn].flatMap((id) => features.get(id).keys));
        const groups = scene.legend.map((g) => ({ ...g, items: g.items.filter((item) => keys.has(item.key)) })).filter((g) => g.items.length);
        const now = [sheet, ...groups.flatMap((g) => g.items.map((item) => item.key))].join();
        if (now === listed) return;
        listed = now;
        body.replaceChildren(...groups.map(({ title, items, notes }) => {
          const group = document.createElement("section");
          L.DomUtil.create("h4", "", group).textContent = title;
          items.forEach((item) => {
            const row = L.DomUtil.create("div", "jitu-legend-row", group);
            if (item.symbol === "growth") group.appendChild(sizes());
            else L.DomUtil.create("span", "jitu-swatch", row).appendChild(item.symbol ? symbol(item.symbol) : swatch((sheet && item.planned) || item.style));
            L.DomUtil.create("span", "", row).textContent = item.title;
          });
          notes.forEach((note) => (L.DomUtil.create("div", "jitu-legend-note", group).textContent = note));
          return group;
        }));
        if (!groups.length) body.textContent = scene.text.empty;
      }

      return { create, fit, update };
    })();

    /** The circles of a few revenue targets, in the map's own size. */
    function sizes() {
      const all = [...scene.target_sizes].reverse();
      const [[, most]] = all;
      const [width, height] = [2 * most + 60, 2 * most + 10];
      const image = svg("svg", { width, height, class: "jitu-sizes" });
      let line = -Infinity;
      all.forEach(([value, radius]) => {
        const top = height - 3 - 2 * radius;
        line = Math.max(top, line + 12);
        svg("circle", { cx: most + 2, cy: height - 3 - radius, r: radius, fill: "#fff", stroke: SITE, "stroke-width": 1 }, image);
        svg("path", { d: `M${most + 2} ${top}H${2 * most + 4}L${2 * most + 14} ${line}`, fill: "none", stroke: SITE, "stroke-width": 0.8 }, image);
        const at = { x: 2 * most + 18, y: line, "font-size": 11, "dominant-baseline": "central", fill: INK };
        svg("text", at, image).textContent = value.toLocaleString("en-US");
      });
      return image;
    }

    /** What must be read with the map: the year where two years are compared, the note on a layout sheet. */
    const corner = (() => {
      let box, badge, note, warning;

      function create() {
        const control = L.control({ position: "topright" });
        control.onAdd = () => {
          box = L.DomUtil.create("div", "jitu-corner");
          badge = L.DomUtil.create("div", "jitu-badge", box);
          note = L.DomUtil.create("div", "jitu-note", box);
          warning = L.DomUtil.create("div", "jitu-note", box);
          warning.setAttribute("role", "status");
          return box;
        };
        control.addTo(map);
      }

      function update(diff) {
        badge.textContent = diff.badge ? scene.text.badge.replace("{year}", diff.year) : "";
        note.textContent = sheet && inOrder().some((feature) => feature.structure) ? scene.text.sheet : "";
      }

      function warn(text) {
        warning.textContent = text;
      }

      return { create, update, warn, height: () => box.offsetHeight };
    })();

    function swatch(id) {
      const { stroke, color, weight, opacity, dashArray, fill, fillColor, fillOpacity } = pathOptions(id);
      const image = svg("svg", { width: 26, height: 15 });
      const line = { stroke: stroke ? color : "none", "stroke-width": weight, "stroke-opacity": opacity, "stroke-dasharray": dashArray || "none" };
      if (fill) svg("rect", { x: 1.5, y: 1.5, width: 23, height: 12, rx: 1.5, fill: fillColor, "fill-opacity": fillOpacity, ...line }, image);
      else svg("path", { d: "M1 7.5H25", ...line }, image);
      return image;
    }

    /** The line at the top that says what lies under the pointer. */
    const readout = (() => {
      let box, counties, cursor, pending, said;

      function element() {
        if (!box) {
          box = L.DomUtil.create("div", "jitu-readout", map.getContainer());
          box.setAttribute("role", "status");
        }
        return box;
      }

      function say(text) {
        element().textContent = text;
        element().hidden = !text;
        said = text;
      }

      function follow(event) {
        cursor = event.originalEvent.target.closest(".leaflet-control") ? null : [event.latlng.lng, event.latlng.lat];
        cancelAnimationFrame(pending);
        pending = requestAnimationFrame(look);
      }

      function clear() {
        cancelAnimationFrame(pending);
        say("");
      }

      function look() {
        counties = counties || topojson.feature(atlas, atlas.objects.counties).features;
        const county = cursor && counties.find(({ geometry }) => inside(cursor, geometry));
        if (!county) return say("");
        const here = [...drawn].map((id) => features.get(id)).filter((f) => covers(f, county.id));
        const now = [county.id, ...here.map((f) => f.id)].join();
        if (now === said) return;
        said = now;
        const { name, city } = county.properties;
        element().textContent = city && city !== name ? `${name} · ${city}` : name;
        box.hidden = false;
        here.slice(0, 8).forEach((feature) => {
          const row = L.DomUtil.create("div", "jitu-readout-row", box);
          row.append(swatch(feature.style), [...new Set([feature.name, ...meanings(feature)])].join(" · "));
        });
        if (here.length > 8) L.DomUtil.create("div", "", box).textContent = scene.text.more.replace("{n}", here.length - 8);
      }

      /** What the legend says of a feature: its industry, its part, how its shape was come by. */
      function meanings({ keys }) {
        const items = scene.legend.flatMap((group) => group.items);
        return items.filter((item) => keys.includes(item.key)).map((item) => item.title);
      }

      function covers(feature, county) {
        if (feature.label && ["city", "county"].includes(feature.label.kind)) return false;
        if (!feature.geometry) return (feature.members || []).includes(county);
        return inside(cursor, feature.geometry);
      }

      return { say, follow, clear };
    })();

    function addControls() {
      const { text } = scene;
      const zoom = L.control.zoom({ zoomInTitle: text.zoom_in, zoomOutTitle: text.zoom_out }).addTo(map);
      const home = L.DomUtil.create("a", "jitu-home", zoom.getContainer());
      Object.assign(home, { href: "#", role: "button", title: text.home_title, textContent: text.home });
      home.setAttribute("aria-label", home.title);
      L.DomEvent.on(home, "click", (event) => {
        L.DomEvent.stop(event);
        frame(scene.bounds);
      });
      const Scale = L.Control.Scale.extend({
        _updateScale(element, length, ratio) {
          element.style.width = `${Math.round(this.options.maxWidth * ratio)}px`;
          element.textContent = length.replace(" km", ` ${text.km}`).replace(" m", ` ${text.m}`);
        },
      });
      new Scale({ imperial: false, position: "bottomright" }).addTo(map);
    }

    function definitions() {
      const container = map.getContainer();
      return container.querySelector(".jitu-definitions defs")
        || svg("defs", {}, svg("svg", { class: "jitu-definitions", width: 0, height: 0, "aria-hidden": true }, container));
    }

    const observer = new ResizeObserver(resized);
    const choices = () => scene.choices;
    const shown = { show, shows, chosen, choices, state, close, map, element: map.getContainer() };
    opened.add(shown);
    mount();
    return shown;
  }


  /** 核: red star in a ringed circle, its character beside it; 极: double ring; 翼: rounded diamond;
   * a base: square; a project: triangle. On a layout sheet 核 and 极 are larger and radiate. */
  function symbol(kind, text = SYMBOL[kind].text, color = SITE) {
    const { width, height, anchor } = SYMBOL[kind];
    const image = svg("svg", { width, height, viewBox: `${-anchor[0]} ${-anchor[1]} ${width} ${height}` });
    const letter = (x, size, color) => {
      const halo = { stroke: "#fff", "stroke-width": color === "#fff" ? 0 : 3, "paint-order": "stroke", "stroke-linejoin": "round" };
      const font = { "font-size": size, "font-weight": 700, "font-family": FONT, "text-anchor": "middle", "dominant-baseline": "central" };
      svg("text", { x, y: 0.5, fill: color, ...halo, ...font }, image).textContent = text;
    };
    if (kind.endsWith("-sheet")) {
      radiate(image, RED[kind.slice(0, 4)], kind === "core-sheet" ? [30, 42, 54] : [30, 40]);
      const large = svg("g", { transform: "scale(1.4)" }, image);
      large.append(...symbol(kind.slice(0, 4), text).childNodes);
    } else if (kind === "core") {
      svg("circle", { r: 15.5, fill: "#fff" }, image);
      svg("circle", { r: 13.2, fill: "#fff", stroke: RED.core, "stroke-width": 2.2 }, image);
      svg("path", { d: star(11), fill: RED.core }, image);
      letter(23.5, 14, RED.core);
    } else if (kind === "pole") {
      svg("circle", { r: 14.5, fill: "#fff" }, image);
      svg("circle", { r: 12.8, fill: "none", stroke: RED.pole, "stroke-width": 1.8 }, image);
      svg("circle", { r: 10, fill: RED.pole }, image);
      letter(0, 12.5, "#fff");
    } else if (kind === "base") {
      svg("rect", { x: -4, y: -4, width: 8, height: 8, fill: color, stroke: "#fff", "stroke-width": 1.5 }, image);
    } else if (kind === "project") {
      svg("path", { d: "M0 -5L5 4H-5Z", fill: color, stroke: "#fff", "stroke-width": 1.3 }, image);
    } else {
      const diamond = { x: -8, y: -8, width: 16, height: 16, rx: 3, fill: "#fff", transform: "rotate(45)" };
      svg("rect", { ...diamond, stroke: "#fff", "stroke-width": 4 }, image);
      svg("rect", { ...diamond, stroke: RED.wing, "stroke-width": 1.8 }, image);
      letter(0, 11.5, RED.wing);
    }
    return image;
  }

  /** Rings about a symbol that fade outwards; they say that it works on its surroundings, not how far. */
  function radiate(image, color, radii) {
    radii.forEach((r, n) => {
      const fading = { "fill-opacity": 0.07, "stroke-opacity": 0.55 - 0.15 * n };
      svg("circle", { r, fill: color, stroke: color, "stroke-width": 1.3, "stroke-dasharray": "5 4", ...fading }, image);
    });
  }

  function star(radius) {
    const tips = Array.from({ length: 10 }, (_, i) => {
      const r = i % 2 ? radius * 0.382 : radius;
      const angle = (Math.PI * i) / 5;
      return `${(r * Math.sin(angle)).toFixed(2)} ${(-r * Math.cos(angle)).toFixed(2)}`;
    });
    return `M${tips.join("L")}Z`;
  }

  // ---------------------------------------------------------------- small tools

  const latLng = ([lon, lat]) => L.latLng(lat, lon);
  const plain = (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

  function svg(name, attributes, parent) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    return parent ? parent.appendChild(element) : element;
  }

  const polygonsOf = (geometry) => (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates);

  /** What a function says of an object, asked once. */
  function remembered(ask) {
    const known = new WeakMap();
    return (object) => {
      if (!known.has(object)) known.set(object, ask(object));
      return known.get(object);
    };
  }

  /** [west, south, east, north] of a polygon, degrees. */
  const boxOf = remembered((geometry) => {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [x, y] of polygonsOf(geometry).flatMap((rings) => rings[0])) {
      if (x < box[0]) box[0] = x;
      if (y < box[1]) box[1] = y;
      if (x > box[2]) box[2] = x;
      if (y > box[3]) box[3] = y;
    }
    return box;
  });

  function inside([x, y], geometry) {
    const [west, south, east, north] = boxOf(geometry);
    if (x < west || x > east || y < south || y > north) return false;
    let odd = false;
    for (const ring of polygonsOf(geometry).flat()) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
        const [[xi, yi], [xj, yj]] = [ring[i], ring[j]];
        if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
      }
    }
    return odd;
  }

  /**
   * Whether a choice keeps a feature with these traits (layers/view.py): values within a filter are any-of,
   * filters combine with and, nothing chosen keeps all. A choice is a year and a set for each filter.
   */
  function keeps(traits, choice) {
    for (const [name, wanted] of Object.entries(choice)) {
      const own = traits[name];
      if (wanted instanceof Set && wanted.size && own && !own.some((value) => wanted.has(value))) return false;
    }
    return traits.year === null || traits.year === choice.year;
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
