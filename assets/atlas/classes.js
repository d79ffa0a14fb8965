// Classes of values and their colours: ColorBrewer scales that colour-blind eyes can read, never without words.
export const SCALES = {
  lower: ["#fff7bc", "#fee391", "#fec44f", "#fe9929", "#d95f0e"], // YlOrBr: more is a heavier burden
  higher: ["#f6eff7", "#bdc9e1", "#67a9cf", "#1c9099", "#016c59"], // PuBuGn: more is better covered
  "": ["#edf8fb", "#b3cde3", "#8c96c6", "#8856a7", "#810f7c"], // BuPu: neither good nor bad
};
export const RATIO = ["#5e3c99", "#b2abd2", "#f7f7f7", "#fdb863", "#e66101"]; // PuOr, turned: below, near, above
export const RATIO_BREAKS = [0.8, 0.95, 1.05, 1.25];
const COUNT = 5;

// The limits between classes: quantiles of one period's values, kept for the others, so that colours mean the same in each.
export function breaksOf(values) {
  const sorted = values.filter((one) => one !== null && Number.isFinite(one)).sort((a, b) => a - b);
  if (!sorted.length) return [];
  const limits = [];
  for (let step = 1; step < COUNT; step += 1) limits.push(rounded(sorted[Math.min(sorted.length - 1, Math.floor((step * sorted.length) / COUNT))]));
  return limits.filter((one, place) => one > sorted[0] && (place === 0 || one > limits[place - 1]));
}

function rounded(value) {
  if (value === 0) return 0;
  const digits = Math.max(0, 1 - Math.floor(Math.log10(Math.abs(value))));
  return Number(value.toFixed(Math.min(digits, 3)));
}

export function classOf(value, breaks) {
  let place = 0;
  while (place < breaks.length && value >= breaks[place]) place += 1;
  return place;
}

// With fewer classes than colours the ends of the scale are kept.
export function coloursFor(breaks, scale) {
  const classes = breaks.length + 1;
  if (classes === 1) return [scale[2]];
  return Array.from({ length: classes }, (_one, place) => scale[Math.round((place * (COUNT - 1)) / (classes - 1))]);
}

export function written(value) {
  if (value === null || value === undefined) return "—";
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toFixed(digits)}`;
}
