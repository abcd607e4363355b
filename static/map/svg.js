/*
 * SVG elements. Texts become text nodes only, never markup.
 */
"use strict";

window.JituSvg = (() => {
  /**
   * Create an SVG element.
   * @param {string} name such as "circle"
   * @param {Object} attributes
   * @param {Element} [parent] gets the element as its last child
   */
  function svg(name, attributes, parent) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    return parent ? parent.appendChild(element) : element;
  }

  /** Return the path of a five-pointed star around the origin, with its points at `radius`. */
  function star(radius) {
    const corners = Array.from({ length: 10 }, (_, i) => {
      const r = i % 2 ? radius * 0.382 : radius;
      const angle = (Math.PI * i) / 5;
      return `${(r * Math.sin(angle)).toFixed(2)} ${(-r * Math.cos(angle)).toFixed(2)}`;
    });
    return `M${corners.join("L")}Z`;
  }

  /** Return the CSS font family of a scene's lettering. */
  const fontFamily = ({ lettering }) => [...lettering.fonts.map((font) => `"${font}"`), "sans-serif"].join();

  return { svg, star, fontFamily };
})();
