// What is fetched once and kept: the ground, and each layer with all its areas and periods.
const kept = new Map();

export async function fetched(address) {
  if (!kept.has(address)) {
    const asked = fetch(address, { credentials: "same-origin" }).then((answer) => {
      if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
      return answer.json();
    });
    kept.set(address, asked);
    asked.catch(() => kept.delete(address));
  }
  return kept.get(address);
}

export const HIDDEN = -1; // a count that is too small to be shown to this reader

// One area's value in one period: what to draw, what it was counted from, and why there is none.
export function valueOf(layer, code, period, standardised) {
  const row = layer.areas[code];
  const n = row ? row.n[period] : null;
  const d = row ? row.d[period] : null;
  if (n === HIDDEN) return { value: null, n: null, d, why: "hidden" };
  if (row && row.v) {
    const value = row.v[period] ?? null;
    return { value, n, d, why: value === null ? "none" : "" };
  }
  if (!row || d === null || d === undefined || d === 0) return { value: null, n: null, d, why: "none" };
  if (n === null || n === undefined) return { value: null, n: null, d, why: "none" };
  if (standardised) {
    const value = row.s ? row.s[period] : null;
    return { value, n, d, why: value === null ? "none" : "" };
  }
  return { value: (n * layer.per) / d, n, d, why: "" };
}
