/*
 * Finds room for labels: each takes the first of its positions that covers no obstacle and no earlier
 * label. All lengths are px on the screen; nothing here depends on what a label means.
 */
"use strict";

var JituPlacement = (() => {
  const CELL = 64; // px; of the grid in which boxes are found
  const MARGIN = 2; // px that labels keep from the edge of the map
  const NEAREST = 10; // px that a label moves at least, counted from the edge of a dot: from a larger symbol, as far from its edge
  const DOT = 12; // px; width of that dot
  const WIDER = 1.25; // each circle of positions, relative to the one before
  const DIRECTIONS = Array.from({ length: 24 }, (_, step) => ({
    cos: Math.cos((step * Math.PI) / 12),
    sin: Math.sin((step * Math.PI) / 12),
  }));
  const LEADER = 1.5; // px; half the width that a leader needs
  const FEW = 12; // labels that get a second chance; where more are left, the map is full
  const STEP = 5; // px; a leader is tested in steps

  /**
   * Place labels.
   * @template {Placeable} Label
   * @param {Label[]} labels in order of importance
   * @param {Box[]} obstacles
   * @param {XY} map its size
   */
  function arrange(labels, obstacles, map) {
    const first = fill(empty(obstacles, map), labels);
    /** @type {Label[][]} */
    const [left, rest] = [[], []];
    labels.forEach((label) => (label.second && !first.has(label) ? left : rest).push(label));
    if (!left.length || left.length > FEW) return first;
    rest.splice(
      Math.max(
        0,
        rest.findIndex((label) => label.second),
      ),
      0,
      ...left,
    );
    const other = fill(empty(obstacles, map), rest);
    return other.size > first.size ? other : first; // unless others lose their places by it
  }

  /**
   * What is taken: all boxes; those of text alone (a leader may run below symbols); the texts.
   * @param {Box[]} obstacles
   * @param {XY} map its size
   */
  const empty = (obstacles, map) => ({
    map,
    taken: shelf(map, obstacles),
    words: shelf(map, []),
    texts: /** @type {Set<string>} */ (new Set()),
  });

  /** @typedef {ReturnType<typeof empty>} Board */

  /**
   * @template {Placeable} Label
   * @param {Board} board
   * @param {Label[]} labels
   */
  function fill(board, labels) {
    /** @type {Map<Label, LabelPlace>} */
    const places = new Map();
    for (const label of labels) {
      if (board.texts.has(label.text)) continue; // a place in two layers is named once
      for (const size of label.sizes) {
        const place = near(label, size, board) || far(label, size, board);
        if (!place) continue;
        board.texts.add(label.text);
        places.set(label, place);
        break;
      }
    }
    return places;
  }

  /**
   * @param {Placeable} label
   * @param {LabelSize} size
   * @param {Board} board
   */
  function near(label, size, board) {
    const { beside } = label;
    const { width: w, height: h } = size;
    if (!beside) return settle(label, size, board, -w / 2, -h / 2, false);
    return (
      settle(label, size, board, beside.right, -h / 2, false)
      || settle(label, size, board, beside.left - w, -h / 2, false)
      || settle(label, size, board, -w / 2, beside.bottom, false)
      || settle(label, size, board, -w / 2, beside.top - h, false)
    );
  }

  /**
   * @param {Placeable} label
   * @param {LabelSize} size
   * @param {Board} board
   */
  function far(label, size, board) {
    const { beside, led, reach } = label;
    const { width: w, height: h } = size;
    const start = beside ? NEAREST + (beside.right - beside.left - DOT) / 2 : NEAREST;
    for (let distance = start; distance <= reach; distance *= WIDER) {
      for (const { cos, sin } of DIRECTIONS) {
        // A led label turns its near side to the point; the name of an area moves about its middle.
        const x = cos * distance - (led ? (w / 2) * (1 - cos) : w / 2);
        const y = sin * distance - (led ? (h / 2) * (1 - sin) : h / 2);
        const place = settle(label, size, board, x, y, true);
        if (place) return place;
      }
    }
    return null;
  }

  /**
   * Take the place, at whole pixels, if nothing is in the way.
   * @param {Placeable} label
   * @param {LabelSize} size
   * @param {Board} board
   * @param {number} dx
   * @param {number} dy
   * @param {boolean} moved
   * @returns {LabelPlace | null}
   */
  function settle(label, size, { map, taken, words }, dx, dy, moved) {
    const { point, led } = label;
    const [x, y] = [whole(dx), whole(dy)];
    const left = point.x + x;
    const top = point.y + y;
    const right = left + size.width;
    const bottom = top + size.height;
    if (left < MARGIN || top < MARGIN || right > map.x - MARGIN || bottom > map.y - MARGIN) return null;
    if (taken.meets(left, top, right, bottom)) return null;
    /** @type {Box} */
    const box = [left, top, right, bottom];
    if (moved && !led && !label.stays(box)) return null;
    const end = moved && led ? nearest(point, box) : null;
    const path = end ? along(point, end) : [];
    if (path.some((part) => words.meets(...part))) return null;
    [box, ...path].forEach(taken.add);
    words.add(box);
    return { x, y, size, end };
  }

  // Always a small integer, never -0: mixed number representations make engines deoptimise this hot path.
  const whole = (/** @type {number} */ value) => Math.round(value) | 0;

  /**
   * Return the point of a box that is nearest to a point.
   * @param {XY} point
   * @param {Box} box
   */
  const nearest = ({ x, y }, [left, top, right, bottom]) => ({
    x: Math.max(left, Math.min(x, right)),
    y: Math.max(top, Math.min(y, bottom)),
  });

  /**
   * Return the boxes that a leader runs through.
   * @param {XY} from
   * @param {XY} to
   */
  function along(from, to) {
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const steps = Math.max(1, Math.round(Math.hypot(dx, dy) / STEP));
    return Array.from({ length: steps }, (_, i) =>
      around({ x: from.x + (dx * i) / steps, y: from.y + (dy * i) / steps }, LEADER),
    );
  }

  /**
   * Return the box of a circle.
   * @param {XY} middle
   * @param {number} r
   * @returns {Box}
   */
  const around = ({ x, y }, r) => [x - r, y - r, x + r, y + r];

  /**
   * A spatial index of boxes.
   * @param {XY} size of the map
   * @param {Box[]} boxes
   */
  function shelf(size, boxes) {
    const [columns, rows] = [Math.ceil(size.x / CELL), Math.ceil(size.y / CELL)];
    const cells = Array.from({ length: columns * rows }, () => /** @type {Box[]} */ ([]));
    /** @type {Box} */
    let last = [0, 0, 0, 0]; // the last hit: most places nearby hit it, too
    const column = (/** @type {number} */ x) => Math.max(0, Math.min(columns - 1, Math.floor(x / CELL)));
    const row = (/** @type {number} */ y) => Math.max(0, Math.min(rows - 1, Math.floor(y / CELL)));

    function add(/** @type {Box} */ box) {
      for (let y = row(box[1]), end = row(box[3]); y <= end; y += 1) {
        for (let x = column(box[0]), far = column(box[2]); x <= far; x += 1) cells[y * columns + x].push(box);
      }
    }

    /**
     * @param {number} left
     * @param {number} top
     * @param {number} right
     * @param {number} bottom
     */
    function meets(left, top, right, bottom) {
      if (left < last[2] && last[0] < right && top < last[3] && last[1] < bottom) return true;
      for (let y = row(top), end = row(bottom); y <= end; y += 1) {
        for (let x = column(left), far = column(right); x <= far; x += 1) {
          for (const box of cells[y * columns + x]) {
            if (left < box[2] && box[0] < right && top < box[3] && box[1] < bottom) {
              last = box;
              return true;
            }
          }
        }
      }
      return false;
    }

    boxes.forEach(add);
    return { add, meets };
  }

  return { arrange, around };
})();
