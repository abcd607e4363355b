// Reads FlatGeobuf files with the reference reader, and prints how many features each has.
import { readFileSync } from "node:fs";
import { deserialize } from "flatgeobuf/lib/mjs/geojson.js";

const counts = {};
for (const path of process.argv.slice(2)) {
  counts[path] = 0;
  for await (const feature of deserialize(new Uint8Array(readFileSync(path)))) {
    if (!feature.geometry.coordinates.length) {
      throw new Error(`${path}: a feature without geometry`);
    }
    counts[path] += 1;
  }
}
console.log(JSON.stringify(counts));
