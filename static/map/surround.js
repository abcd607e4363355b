/*
 * What surrounds the map: legend, notes in the corner, the readout of what lies under the pointer, zoom and
 * scale. Texts become text nodes only, never markup.
 */
"use strict";

window.JituSurround = (() => {
  const { inside } = JituShapes;
  const { svg } = JituSvg;
  const MOST_ROWS = 8; // of the readout

  /**
   * Return what surrounds a Leaflet map: { legend, corner, readout, addControls }.
   * @param {Object} drawing the map's state (map.js)
   */
  function on(map, drawing) {
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

      /** Open or close as room comes or goes; while that does not change, the reader's choice stays. */
      function fit(yes) {
        if (yes !== roomy) open(yes);
        roomy = yes;
      }

      /** List what the features now drawn stand for, and nothing else. */
      function update() {
        const scene = drawing.scene();
        head.textContent = scene.text.legend_of.replace("{year}", drawing.year());
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

      function update(message) {
        badge.textContent = message.badge ? drawing.scene().text.badge.replace("{year}", message.choice.year) : "";
        note.textContent = drawing.shown().some(drawing.hasDiagram) ? drawing.scene().text.sheet : "";
      }

      function warn(text) {
        warning.textContent = text;
      }

      return { create, update, warn, height: () => box.offsetHeight };
    })();

    function swatch(id) {
      const { stroke, color, weight, opacity, dashArray, fill, fillColor, fillOpacity } = drawing.pathOptions(id);
      const image = svg("svg", { width: 26, height: 15 });
      const line = {
        stroke: stroke ? color : "none",
        "stroke-width": weight,
        "stroke-opacity": opacity,
        "stroke-dasharray": dashArray || "none",
      };
      if (fill)
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
        counties = counties || topojson.feature(drawing.atlas(), drawing.atlas().objects.counties).features;
        const county = cursor && counties.find(({ geometry }) => inside(cursor, geometry));
        if (!county) return say("");
        const here = drawing.shown().filter((f) => covers(f, county.id));
        const now = [county.id, ...here.map((f) => f.id)].join();
        if (now === said) return;
        said = now;
        const { name, city } = county.properties;
        element().textContent = city && city !== name ? `${name} · ${city}` : name;
        box.hidden = false;
        here.slice(0, MOST_ROWS).forEach((feature) => {
          const row = L.DomUtil.create("div", "jitu-readout-row", box);
          row.append(swatch(feature.style), [...new Set([feature.name, ...meanings(feature)])].join(" · "));
        });
        if (here.length > MOST_ROWS)
          L.DomUtil.create("div", "", box).textContent = drawing
            .scene()
            .text.more.replace("{n}", here.length - MOST_ROWS);
      }

      /** What the legend says of a feature: its industry, its part, how its outline was obtained. */
      function meanings({ keys }) {
        const items = drawing.scene().legend.flatMap((group) => group.items);
        return items.filter((item) => keys.includes(item.key)).map((item) => item.title);
      }

      function covers(feature, county) {
        if (drawing.scene().layers[feature.layer].division) return false; // named in the first line
        if (!feature.geometry) return (feature.members || []).includes(county);
        return inside(cursor, feature.geometry);
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
      const Scale = L.Control.Scale.extend({
        _updateScale(element, length, ratio) {
          element.style.width = `${Math.round(this.options.maxWidth * ratio)}px`;
          element.textContent = length.replace(" km", ` ${text.km}`).replace(" m", ` ${text.m}`);
        },
      });
      new Scale({ imperial: false, position: "bottomright" }).addTo(map);
      JituTouch.on(map, text.two_fingers);
    }

    return { legend, corner, readout, addControls };
  }

  /** Return a text as HTML that shows it, for Leaflet's attribution. */
  const escaped = (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

  return { on, escaped };
})();
