/*
 * What the files of the map exchange, for the type check only: no browser reads this file.
 */
import type { MultiPolygon, Polygon } from "geojson";

declare global {
  /** Longitude and latitude in degrees. */
  type LonLat = [lon: number, lat: number];

  /** What covers an area. */
  type Areal = Polygon | MultiPolygon;

  /** Two sides and the two opposite ones: west, south, east, north in degrees; left, top, right, bottom in px. */
  type Box = [number, number, number, number];

  /** Of an SVG or HTML element. */
  type Attributes = Record<string, string | number>;

  interface Scene {
    lettering: { fonts: string[] };
  }
}
