/*
 * Maps in the browser.
 *
 * Geometry travels once: open() takes an atlas (TopoJSON of counties and neighbours) and a scene (features and
 * how they look). A filter change is a message: show() takes what was chosen, keeps() decides which features
 * that shows, and only what changed is added or removed. Polygons are dissolved here, from their counties.
 *
 * Texts reach the page as text nodes only, never as markup. No shape takes pointer events, so a click
 * anywhere is a click on Leaflet's map. Only a symbol that stands for several sites is a button (stacks.js); one
 * of its sites that is chosen is told as the map's event `pick`, with the feature's id.
 */
"use strict";

var JituMap = (() => {
  const NARROW = 600; // px; below this width a map is laid out for a phone (also in map.css)
  const WIDE = 760; // px; from this width on the legend opens by itself
  /** @type {Filter[]} */
  const FILTERS = ["industry", "tier", "city", "county"];
  const { inside } = JituShapes;
  const { svg } = JituSvg;
  const { latLng } = JituPanes;

  /** @type {Set<OpenedMap>} */
  const opened = new Set(); // maps on this page
  let loads = 0; // maps ever opened

  /**
   * Draw on a Leaflet map.
   * @param {L.Map} map
   * @param {MapConfig} config `view`, if given, is where to begin
   * @returns {OpenedMap} what controls the map
   */
  function open(map, config) {
    loads += 1;
    /** @type {Atlas} */
    let atlas;
    /** @type {Scene} */
    let scene;
    /** @type {Map<string, Feature>} */
    const features = new Map(); // by id, in drawing order
    /** @type {Message | null} */
    let newest = null; // the last message
    /** @type {Map<string, Feature>} */
    let drawn = new Map(); // of the features, those that the map shows now
    /** @type {Set<string>} */
    let placed = new Set(); // of these, those that no stack stands for
    let isDiagram = false; // layout units are drawn as a layout diagram, not as polygons
    let lastFit = "null";
    let framed = ""; // the room that the map was last framed for; empty until it has a size
    /** @type {{ bounds: Corners, center: L.LatLng, zoom: number } | null} */
    let settled = null; // the bounds last moved to, and the view that showed them

    // ---------------------------------------------------------------- entry points

    async function mount() {
      map.attributionControl.setPrefix(false);
      try {
        const arrived = Promise.resolve(config.scene).then((found) => (scene = found)); // has the words of a failure
        [scene, atlas] = await Promise.all([arrived, config.atlas]);
      } catch (error) {
        readout.say(scene ? scene.text.failed : "地图数据未能载入，请刷新页面");
        throw error;
      }
      if (!opened.has(shown)) return; // closed in the meantime
      const container = map.getContainer();
      container.setAttribute("aria-label", scene.text.map);
      // Leaflet focuses the map when it is pressed. If the page scrolled to it, the click would hit another place.
      container.focus = () => HTMLElement.prototype.focus.call(container, { preventScroll: true });
      // Another map may draw the same scene: each keeps its own notes on features and symbols.
      scene.features.forEach((feature) =>
        features.set(feature.id, { ...feature, symbol: feature.symbol && { ...feature.symbol } }),
      );
      map.attributionControl.addAttribution(Object.values(scene.notes).map(JituSurround.escaped).join("<br>"));
      addControls();
      legend.create();
      corner.create();
      addHatches();
      panes.create(scene);
      labels.create();
      resized(); // while the map is empty, framing costs nothing
      baseMap.draw(labels.add);
      map.on("zoomend moveend", labels.schedule);
      map.on("zoomanim", labels.follow);
      map.on("zoom viewreset", () => labels.follow());
      map.on("click zoomstart", stacks.close);
      map.getContainer().addEventListener("keydown", ({ key }) => key === "Escape" && stacks.close());
      map.on("mousemove", readout.follow);
      map.on("mouseout", readout.clear);
      // Style sheets may arrive after this script, and the page may be hidden at first: watch sizes.
      [map.getContainer(), ...map.getContainer().querySelectorAll(".leaflet-control")].forEach((e) =>
        observer.observe(e),
      );
      if (newest) apply(newest);
      resized();
      sync.join();
    }

    function close() {
      observer.disconnect();
      labels.stop();
      sync.leave();
      opened.delete(shown);
      map.remove();
    }

    /**
     * Show what a message says. May be called before the files have arrived; the same message twice changes
     * nothing. Its `choice` holds a year, the layers that are on and the chosen values of each filter.
     * @param {Message} message
     */
    function show(message) {
      const last = newest;
      newest = message;
      if (features.size && !(last && alike(last, message))) apply(message);
    }

    /**
     * Whether the map shows a message already.
     * @param {Message} message
     */
    const shows = (message) => newest !== null && features.size > 0 && alike(newest, message);

    /**
     * @param {Message} a
     * @param {Message} b
     */
    const alike = (a, b) => JSON.stringify(a, inAnyOrder) === JSON.stringify(b, inAnyOrder);

    /** @type {(key: string, value: unknown) => unknown} */
    const inAnyOrder = (_, value) => (Array.isArray(value) && typeof value[0] === "string" ? [...value].sort() : value);

    /**
     * Return the features that a choice shows, in drawing order.
     * @param {Choice} choice
     * @returns {Map<string, Feature>}
     */
    function shownBy(choice) {
      const wanted = new Map();
      features.forEach(
        (feature, id) =>
          choice.layer.includes(feature.layer) && keeps(feature.filter_values, choice) && wanted.set(id, feature),
      );
      return wanted;
    }

    /** @returns {MapState} */
    function state() {
      /** @type {Record<string, number>} */
      const shown = {};
      drawn.forEach(({ layer }) => (shown[layer] = (shown[layer] || 0) + 1));
      const ready = features.size > 0;
      const { lng, lat } = map.getCenter();
      return {
        ready,
        year: year(),
        shown,
        labels: labels.count(),
        selected: selection.ids(),
        loads,
        view: { center: [lng, lat], zoom: map.getZoom() },
        sheet: isDiagram,
        basemap: baseMap.hasTiles(),
      };
    }

    function apply(/** @type {Message} */ message) {
      const wanted = shownBy(message.choice);
      setDiagram(Boolean(message.sheet));
      /** @type {Set<string>} */
      const touched = new Set(); // panes
      drawn = wanted;
      stacks.gather(inOrder());
      const alone = new Set(ids().filter((id) => !features.get(id)?.symbol?.folded));
      // What was drawn once stays on the map, hidden: removing it and adding it again is slow.
      features.forEach((feature, id) => {
        if (placed.has(id) === alone.has(id)) return;
        partsOf(feature).forEach((part) => {
          if (map.hasLayer(part)) elementOf(part).style.display = alone.has(id) ? "" : "none";
          else touched.add(part.addTo(map) && feature.pane);
        });
      });
      placed = alone;
      // Within a pane the scene's order holds, whatever order features were added in.
      const front = (/** @type {Part} */ part) => "bringToFront" in part && map.hasLayer(part) && part.bringToFront();
      features.forEach((feature) => touched.has(feature.pane) && (feature[partsKey(feature)] || []).forEach(front));
      baseMap.showTiles(message.basemap);
      selection.show((message.selected || []).flatMap((id) => features.get(id) || []));
      inOrder().forEach(
        ({ id, symbol }) =>
          symbol?.rings && JituCircles.draw(symbol, year(), scene.symbol_colors, selection.casingOf(id)),
      );
      selection.mark(message.at);
      fit(message.fit);
      legend.update();
      corner.update(message);
      labels.layout(); // in the same frame as the shapes
    }

    const year = () => (newest ? newest.choice.year : null);
    const elementOf = (/** @type {Part} */ part) => /** @type {HTMLElement | SVGElement} */ (part.getElement());
    const inOrder = () => [...drawn.values()];
    const ids = () => [...drawn.keys()];

    /**
     * Switch between exact polygons and the layout diagram: what differs is removed here, and drawn by apply().
     * @param {boolean} wanted
     */
    function setDiagram(wanted) {
      if (wanted === isDiagram) return;
      inOrder()
        .filter((feature) => feature.layout_diagram)
        .forEach((feature) => {
          partsOf(feature).forEach((part) => part.remove());
          placed.delete(feature.id);
        });
      selection.show([]);
      isDiagram = wanted;
    }

    // ---------------------------------------------------------------- the view

    /** Keep the centre where it is; a map that nobody has moved continues to show all it showed. */
    function resized() {
      const { offsetWidth, offsetHeight } = map.getContainer();
      if (!offsetWidth || !offsetHeight) return; // hidden
      const moved = isMoved();
      map.invalidateSize({ animate: false });
      map.getContainer().style.setProperty("--jitu-notes", `${notesHeight()}px`);
      if (room() !== framed) {
        if (!framed && config.view) map.setView(latLng(config.view.center), config.view.zoom, { animate: false });
        else if (!framed) frame(newest?.fit || scene.bounds, false);
        else if (!moved && settled) frame(settled.bounds, false);
        legend.fit(map.getSize().x >= WIDE);
        framed = room();
      }
      labels.schedule();
    }

    /** Whether the map shows anything but what it was framed for; a map at rest may report a centre one pixel off. */
    function isMoved() {
      if (!settled || map.getZoom() !== settled.zoom) return true;
      return map.latLngToLayerPoint(map.getCenter()).distanceTo(map.latLngToLayerPoint(settled.center)) > 2;
    }

    const isNarrow = () => map.getSize().x < NARROW;
    const notesHeight = () => map.attributionControl.getContainer()?.offsetHeight || 0;
    // On a phone the notes and the corner take the whole width: the map is framed between them.
    const foot = () => (isNarrow() ? notesHeight() : 0);
    const head = () => (isNarrow() ? corner.height() : 0);
    const room = () => `${map.getSize()} ${head()} ${foot()}`;

    function fit(/** @type {Corners | null | undefined} */ bounds) {
      const value = JSON.stringify(bounds || null);
      if (value === lastFit) return;
      lastFit = value;
      if (!bounds || !framed) return;
      sync.yield(); // the other map gets the same message
      frame(bounds);
    }

    function frame(
      /** @type {Corners} */ bounds,
      animate = !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    ) {
      settled = null;
      map.once("moveend", () => (settled = { bounds, center: map.getCenter(), zoom: map.getZoom() }));
      map.fitBounds(bounds, {
        animate,
        maxZoom: 10,
        paddingTopLeft: [12, 12 + head()],
        paddingBottomRight: [12, 12 + foot()],
      });
    }

    // ---------------------------------------------------------------- features

    /**
     * The layers that draw a feature, created when it is first shown.
     * @param {Feature} feature
     */
    function partsOf(feature) {
      const known = feature[partsKey(feature)];
      if (known) return known;
      const [outline, style, symbol] = [outlineOf(feature), styleOf(feature), symbolOf(feature)];
      const parts = [
        ...(outline && style ? [panes.polygon(outline, feature.pane, pathOptions(style))] : []),
        ...(symbol ? [symbolMarker(symbol)] : []),
      ];
      feature[partsKey(feature)] = parts;
      name(feature);
      return parts;
    }

    /** @param {Feature} feature */
    function name(feature) {
      if (feature.label) labels.add(feature.label, feature.id, feature);
    }

    // A feature's polygon, style and symbol now: exact, or those of the layout diagram.
    const diagramOf = (/** @type {Shaped} */ feature) => (isDiagram && feature.layout_diagram) || null;
    const styleOf = (/** @type {Feature} */ feature) => (diagramOf(feature) || feature).style;
    const symbolOf = (/** @type {Shaped} */ feature) => (diagramOf(feature) || feature).symbol || null;
    const partsKey = (/** @type {Shaped} */ feature) => (diagramOf(feature) ? "diagramParts" : "parts");

    function outlineOf(/** @type {Shaped} */ feature) {
      const diagram = diagramOf(feature);
      return diagram ? diagram.geometry : shapeOf(feature);
    }

    /**
     * A feature's polygon: its own, or the union of its counties or neighbours; null for a mere point.
     * @param {Shaped} feature
     */
    function shapeOf(feature) {
      if (feature.shape === undefined) {
        const members = new Set(feature.members);
        /** @type {Areas<unknown>[]} */
        const objects = Object.values(atlas.objects);
        const areas = objects.flatMap((object) => object.geometries);
        const merge = () =>
          topojson.merge(
            atlas,
            areas.filter((g) => members.has(g.id)),
          );
        feature.shape = feature.geometry || (members.size ? merge() : null);
      }
      return feature.shape;
    }

    /**
     * Return Leaflet's options for a style of the scene.
     * @param {string} id
     * @returns {PathLook}
     */
    function pathOptions(id) {
      const { fill, fillOpacity, hatch, stroke, weight, opacity, dash } = scene.styles[id];
      return {
        stroke: Boolean(stroke),
        color: stroke || undefined,
        weight,
        opacity,
        dashArray: dash || undefined,
        fill: hatch || Boolean(fill),
        fillColor: hatch ? panes.urlOf(`hatch-${id}`) : fill || undefined,
        fillOpacity,
      };
    }

    function addHatches() {
      const { step, line, degrees } = scene.hatch;
      for (const [id, { fill, stroke, hatch }] of Object.entries(scene.styles)) {
        if (!hatch) continue;
        const tile = {
          width: step,
          height: step,
          patternUnits: "userSpaceOnUse",
          patternTransform: `rotate(${degrees})`,
        };
        svg(
          "path",
          { d: `M1 0V${step}`, stroke: fill || stroke || "none", "stroke-width": line },
          panes.define("pattern", `hatch-${id}`, tile),
        );
      }
    }

    function symbolMarker(/** @type {MapSymbol} */ symbol) {
      const { draw, reachOf } = JituSymbols.of(scene);
      const { left, top, right, bottom } = reachOf(symbol);
      const { pane } = scene.symbols[symbol.kind];
      if (!symbol.rings) return panes.marker(symbol.at, draw(symbol.kind, symbol.color), [left, top], pane);
      // Circles are drawn for each message, by apply(); smaller ones lie above larger ones.
      const [width, height] = [left + right, top + bottom];
      const image = svg("svg", { width, height, viewBox: `${-left} ${-top} ${width} ${height}` });
      const move = (/** @type {L.Point} */ shift) => {
        symbol.shift = shift;
        image.style.transform = `translate(${shift.x}px, ${shift.y}px)`;
      };
      Object.assign(symbol, { image, move });
      return panes
        .marker(symbol.at, image, [left, top], pane)
        .setZIndexOffset(Math.round(-100 * JituCircles.radiusOf(symbol)));
    }

    /** @type {Drawing} */
    const drawing = {
      scene: () => scene,
      atlas: () => atlas,
      year,
      isDiagram: () => isDiagram,
      diagramOf,
      isNarrow,
      shown: inOrder,
      symbols: () => [...inOrder().flatMap((feature) => symbolOf(feature) || []), ...stacks.symbols()],
      isShown: (id) => drawn.has(id) || baseMap.isShown(id),
      name,
      relabel: () => labels.layout(),
      home: () => frame(scene.bounds),
      outlineOf,
      symbolOf,
      pathOptions,
    };
    const panes = JituPanes.on(map);
    const labels = JituLabels.on(map, drawing);
    const { legend, corner, readout, addControls } = JituSurround.on(map, drawing);
    const baseMap = JituBaseMap.on(map, drawing, panes, corner.warn);
    const selection = JituSelection.on(map, drawing, panes);
    const stacks = JituStacks.on(map, drawing, panes);
    const sync = JituSync.on(map, () => Boolean(framed), isMoved);
    const observer = new ResizeObserver(resized);
    const filter_options = () => scene.filter_options;
    /** @type {OpenedMap} */
    const shown = { show, shows, ids, filter_options, state, close, map, element: map.getContainer() };
    opened.add(shown);
    mount();
    return shown;
  }

  /**
   * Whether a choice keeps a feature with these filter values (layers/reading/view.py): values within a filter
   * are any-of, filters combine with and, nothing chosen keeps all.
   * @param {FilterValues} filterValues
   * @param {Choice} choice
   */
  function keeps(filterValues, choice) {
    for (const name of FILTERS) {
      const [own, wanted] = [filterValues[name], choice[name]];
      if (own && wanted?.length && !own.some((value) => wanted.includes(value))) return false;
    }
    return filterValues.year === null || filterValues.year === choice.year;
  }

  /**
   * @param {OpenedMap} a
   * @param {OpenedMap} b
   */
  const precedes = (a, b) => a.element.compareDocumentPosition(b.element) & Node.DOCUMENT_POSITION_FOLLOWING;

  return {
    open,
    inside,
    keeps,
    /** The maps on this page, in document order. */
    get maps() {
      return [...opened].sort((a, b) => (precedes(a, b) ? -1 : 1));
    },
  };
})();
