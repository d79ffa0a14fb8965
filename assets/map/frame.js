// What every map here shares: one way to open it, and the corners of what it shows. No tiles, no other hosts.
import maplibregl from "maplibre-gl";

export const FONT = '"PingFang SC","Noto Sans CJK SC","Noto Sans SC","Microsoft YaHei",sans-serif';

export function corners(features) {
  const box = new maplibregl.LngLatBounds();
  const walk = (part) => (typeof part[0] === "number" ? box.extend(part) : part.forEach(walk));
  features.forEach((one) => one.geometry && walk(one.geometry.coordinates));
  return box;
}

// The same box with a share of its width and height added on every side.
export function widened(box, share) {
  const [[west, south], [east, north]] = box.toArray();
  const [x, y] = [(east - west) * share, (north - south) * share];
  return new maplibregl.LngLatBounds([west - x, south - y], [east + x, north + y]);
}

export function open(element, { sources, layers, bounds, padding = 24, ...more }) {
  const map = new maplibregl.Map({
    container: element, style: { version: 8, sources, layers }, bounds, fitBoundsOptions: { padding },
    attributionControl: false, dragRotate: false, pitchWithRotate: false,
    cooperativeGestures: window.matchMedia("(pointer: coarse)").matches, ...more,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  return map;
}
