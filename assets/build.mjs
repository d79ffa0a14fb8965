// Copies the pages' third-party parts, once, into static files that a wheel carries.
import { build } from "esbuild";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";

const out = "src/catchment/site/static/vendor";
const icons = JSON.parse(await readFile("assets/icons.json", "utf8"));

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
  entryPoints: { app: "assets/app.js", charts: "assets/charts.js", map: "assets/map.js", axe: "assets/axe.js" },
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  legalComments: "linked",
});
await build({
  entryPoints: { app: "assets/app.css", map: "assets/map.css" },
  outdir: out,
  bundle: true,
  minify: true,
  loader: { ".svg": "dataurl", ".png": "dataurl" },
  legalComments: "linked",
});

const symbols = await Promise.all(
  icons.map(async (name) => {
    const svg = await readFile(`node_modules/@tabler/icons/icons/outline/${name}.svg`, "utf8");
    const body = svg.replace(/<!--[\s\S]*?-->/g, "").replace(/<svg[^>]*>/, "").replace("</svg>", "").trim();
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${body}</symbol>`;
  }),
);
await writeFile(`${out}/icons.svg`, `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
