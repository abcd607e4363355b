/*
 * SVG elements. Texts become text nodes only, never markup.
 */
"use strict";

var JituSvg = (() => {
  /**
   * Create an SVG element.
   * @template {keyof SVGElementTagNameMap} Name
   * @param {Name} name such as "circle"
   * @param {Attributes} attributes
   * @param {Element} [parent] gets the element as its last child
   */
  function svg(name, attributes, parent) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, String(value)));
    return parent ? parent.appendChild(element) : element;
  }

  /**
   * Return the path of a five-pointed star around the origin, with its points at `radius`.
   * @param {number} radius
   */
  function star(radius) {
    const corners = Array.from({ length: 10 }, (_, i) => {
      const r = i % 2 ? radius * 0.382 : radius;
      const angle = (Math.PI * i) / 5;
      return `${(r * Math.sin(angle)).toFixed(2)} ${(-r * Math.cos(angle)).toFixed(2)}`;
    });
    return `M${corners.join("L")}Z`;
  }

  /**
   * Return the CSS font family of a scene's lettering.
   * @param {Pick<Scene, "lettering">} scene
   */
  const fontFamily = ({ lettering }) => [...lettering.fonts.map((font) => `"${font}"`), "sans-serif"].join();

  return { svg, star, fontFamily };
})();
