/*
 * What surrounds the map: legend, notes in the corner, the readout of what lies under the pointer, zoom and
 * scale. Texts become text nodes only, never markup.
 */
"use strict";

var JituSurround = (() => {
  const { inside } = JituShapes;
  const { svg } = JituSvg;
  const MOST_ROWS = 8; // of the readout

  /**
   * Return what surrounds a Leaflet map: { legend, corner, readout, addControls }.
   * @param {L.Map} map
   * @param {Drawing} drawing
   */
  function on(map, drawing) {
    const legend = (() => {
      /** @type {HTMLButtonElement} */
      let head;
      /** @type {HTMLElement} */
      let body;
      let listed = "";
      /** @type {boolean | null} */
      let roomy = null;

      function create() {
        const control = new L.Control({ position: "bottomleft" });
        control.onAdd = () => {
          const box = L.DomUtil.create("div", "jitu-legend");
          head = L.DomUtil.create("button", "jitu-legend-head", box);
          head.type = "button";
          body = L.DomUtil.create("div", "jitu-legend-body", box);
          head.addEventListener("click", () => open(Boolean(body.hidden)));
          open(false);
          L.DomEvent.disableClickPropagation(box).disableScrollPropagation(box);
          return box;
        };
        control.addTo(map);
      }

      function open(/** @type {boolean} */ yes) {
        body.hidden = !yes;
        head.setAttribute("aria-expanded", String(yes));
      }

      /**
       * Open or close as room comes or goes; while that does not change, the reader's choice stays.
       * @param {boolean} yes
       */
      function fit(yes) {
        if (yes !== roomy) open(yes);
        roomy = yes;
      }

      /** List what the features now drawn stand for, and nothing else. */
      function update() {
        const scene = drawing.scene();
        head.textContent = scene.text.legend_of.replace("{year}", String(drawing.year()));
        /** @type {Set<string>} */
        const keys = new Set();
        drawing.shown().forEach((feature) => feature.keys.forEach((key) => keys.add(key)));
        const groups = scene.legend
          .map((g) => ({ ...g, items: g.items.filter((item) => keys.has(item.key)) }))
          .filter((g) => g.items.length);
        const now = [drawing.isDiagram(), ...groups.flatMap((g) => g.items.map((item) => item.key))].join();
        if (now === listed) return;
        listed = now;
        const { draw, isSized } = JituSymbols.of(scene);
        body.replaceChildren(
          ...groups.map(({ title, items, notes }) => {
            const group = document.createElement("section");
            L.DomUtil.create("h4", "", group).textContent = title;
            items.forEach((item) => {
              const row = L.DomUtil.create("div", "jitu-legend-row", group);
              if (item.symbol && isSized(item.symbol))
                group.appendChild(JituCircles.sizes(scene.target_sizes, scene.symbol_colors));
              else
                L.DomUtil.create("span", "jitu-swatch", row).appendChild(
                  item.symbol ? draw(item.symbol) : swatch((drawing.isDiagram() && item.planned) || item.style),
                );
              L.DomUtil.create("span", "", row).textContent = item.title;
            });
            notes.forEach((note) => (L.DomUtil.create("div", "jitu-legend-note", group).textContent = note));
            return group;
          }),
        );
        if (!groups.length) body.textContent = scene.text.empty;
      }

      return { create, fit, update };
    })();

    /** What must be read with the map: the year where two years are compared, the note on a layout diagram, warnings. */
    const corner = (() => {
      /** @type {HTMLElement} */
      let box;
      /** @type {HTMLElement} */
      let badge;
      /** @type {HTMLElement} */
      let note;
      /** @type {HTMLElement} */
      let warning;

      function create() {
        const control = new L.Control({ position: "topright" });
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

      function update(/** @type {Message} */ message) {
        badge.textContent = message.badge
          ? drawing.scene().text.badge.replace("{year}", String(message.choice.year))
          : "";
        note.textContent = drawing.shown().some(drawing.diagramOf) ? drawing.scene().text.sheet : "";
      }

      function warn(/** @type {string} */ text) {
        warning.textContent = text;
      }

      return { create, update, warn, height: () => box.offsetHeight };
    })();

    function swatch(/** @type {string} */ id) {
      const { color, weight, opacity, dashArray, fillColor, fillOpacity } = drawing.pathOptions(id);
      const image = svg("svg", { width: 26, height: 15 });
      const line = {
        stroke: color || "none",
        "stroke-width": weight,
        "stroke-opacity": opacity,
        "stroke-dasharray": dashArray || "none",
      };
      if (fillColor)
        svg(
          "rect",
          { x: 1.5, y: 1.5, width: 23, height: 12, rx: 1.5, fill: fillColor, "fill-opacity": fillOpacity, ...line },
          image,
        );
      else svg("path", { d: "M1 7.5H25", ...line }, image);
      return image;
    }

    /** The box at the top that says what lies under the pointer. */
    const readout = (() => {
      /** @type {HTMLElement | null} */
      let made = null;
      /** @type {Area<County>[]} */
      let counties;
      /** @type {LonLat | null} */
      let cursor = null;
      let pending = 0;
      let said = "";

      function element() {
        if (!made) {
          made = L.DomUtil.create("div", "jitu-readout", map.getContainer());
          made.setAttribute("role", "status");
        }
        return made;
      }

      function say(/** @type {string} */ text) {
        element().textContent = text;
        element().hidden = !text;
        said = text;
      }

      function follow(/** @type {L.LeafletMouseEvent} */ event) {
        const target = /** @type {Element} */ (event.originalEvent.target);
        cursor = target.closest(".leaflet-control") ? null : [event.latlng.lng, event.latlng.lat];
        cancelAnimationFrame(pending);
        pending = requestAnimationFrame(look);
      }

      function clear() {
        cancelAnimationFrame(pending);
        say("");
      }

      function look() {
        counties = counties || topojson.feature(drawing.atlas(), drawing.atlas().objects.counties).features;
        const at = cursor;
        const county = at && counties.find(({ geometry }) => inside(at, geometry));
        if (!county) return say("");
        const here = drawing.shown().filter((f) => covers(f, at, county.id));
        const now = [county.id, ...here.map((f) => f.id)].join();
        if (now === said) return;
        said = now;
        const { name, city } = county.properties;
        const box = element();
        box.textContent = city && city !== name ? `${name} · ${city}` : name;
        box.hidden = false;
        here.slice(0, MOST_ROWS).forEach((feature) => {
          const row = L.DomUtil.create("div", "jitu-readout-row", box);
          row.append(swatch(feature.style), [...new Set([feature.name, ...meanings(feature)])].join(" · "));
        });
        if (here.length > MOST_ROWS)
          L.DomUtil.create("div", "", box).textContent = drawing
            .scene()
            .text.more.replace("{n}", String(here.length - MOST_ROWS));
      }

      /**
       * What the legend says of a feature: its industry, its part, how its outline was obtained.
       * @param {Feature} feature
       */
      function meanings({ keys }) {
        const items = drawing.scene().legend.flatMap((group) => group.items);
        return items.filter((item) => keys.includes(item.key)).map((item) => item.title);
      }

      /**
       * @param {Feature} feature
       * @param {LonLat} at
       * @param {string} county in which that point lies
       */
      function covers(feature, at, county) {
        if (drawing.scene().layers[feature.layer].division) return false; // named in the first line
        if (!feature.geometry) return feature.members.includes(county);
        return inside(at, feature.geometry);
      }

      return { say, follow, clear };
    })();

    function addControls() {
      const { text } = drawing.scene();
      const zoom = L.control.zoom({ zoomInTitle: text.zoom_in, zoomOutTitle: text.zoom_out }).addTo(map);
      const home = L.DomUtil.create("a", "jitu-home", zoom.getContainer());
      Object.assign(home, { href: "#", role: "button", title: text.home_title, textContent: text.home });
      home.setAttribute("aria-label", home.title);
      L.DomEvent.on(home, "click", (event) => {
        L.DomEvent.stop(event);
        drawing.home();
      });
      const Scale = /** @type {typeof L.Control.Scale} */ (
        L.Control.Scale.extend({
          /**
           * @this {L.Control.Scale}
           * @param {HTMLElement} element
           * @param {string} length
           * @param {number} ratio of the greatest width
           */
          _updateScale(element, length, ratio) {
            element.style.width = `${Math.round(/** @type {number} */ (this.options.maxWidth) * ratio)}px`;
            element.textContent = length.replace(" km", ` ${text.km}`).replace(" m", ` ${text.m}`);
          },
        })
      );
      new Scale({ imperial: false, position: "bottomright" }).addTo(map);
      JituTouch.on(map, text.two_fingers);
    }

    return { legend, corner, readout, addControls };
  }

  /** Return a text as HTML that shows it, for Leaflet's attribution. */
  const escaped = (/** @type {string} */ text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

  return { on, escaped };
})();
