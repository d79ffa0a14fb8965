// The map as it stands, with title, legend, source and date, as a picture to save.
const FACE = '"PingFang SC","Noto Sans CJK SC","Noto Sans SC","Microsoft YaHei",sans-serif';

export function save(map, told, name) {
  picture(map, told).toBlob((blob) => {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: `${name}.png` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  });
}

// On paper the picture stands for the map, which a printer would cut off at the width of the screen.
export function onPaper(map, holder, told) {
  window.addEventListener("beforeprint", () => holder.replaceChildren(picture(map, told())));
}

// The drawing must be read within the task that drew it: afterwards the browser may have let go of it.
function picture(map, told) {
  map.redraw();
  return compose(map.getCanvas(), told);
}

function compose(drawn, { title, subtitle, legend, source }) {
  const scale = Math.max(1, drawn.width / 1100);
  const width = drawn.width / scale;
  const pen = document.createElement("canvas").getContext("2d");
  const rows = inRows(pen, legend, width);
  const [head, below] = [86, 86 + drawn.height / scale];
  const height = below + 26 * rows.length + 50;
  Object.assign(pen.canvas, { width: drawn.width, height: Math.round(height * scale) });
  pen.fillStyle = "#fffdf9";
  pen.fillRect(0, 0, pen.canvas.width, pen.canvas.height);
  pen.drawImage(drawn, 0, head * scale);
  pen.scale(scale, scale);
  write(pen, title, 24, 40, 24, "#123f40", 700);
  write(pen, subtitle, 24, 68, 15, "#5b6966");
  rows.flat().forEach((one) => swatch(pen, one, below + 14));
  write(pen, source, 24, height - 16, 12, "#5b6966");
  return pen.canvas;
}

function write(pen, words, x, y, size, colour = "#22302f", weight = 400) {
  pen.fillStyle = colour;
  pen.font = `${weight} ${size}px ${FACE}`;
  pen.fillText(words, x, y, pen.canvas.width / pen.getTransform().a - x - 12);
}

function swatch(pen, { colour, words, x, row }, top) {
  const y = top + 26 * row;
  pen.fillStyle = colour;
  pen.fillRect(x, y, 22, 16);
  pen.strokeStyle = "#8b9794";
  pen.strokeRect(x, y, 22, 16);
  write(pen, words, x + 28, y + 13, 13);
}

// The legend's entries, each with its place, in as many rows as the width needs.
function inRows(pen, legend, width) {
  pen.font = `13px ${FACE}`;
  const rows = [[]];
  let x = 24;
  legend.forEach((one) => {
    const wide = 28 + pen.measureText(one.words).width;
    if (x + wide > width - 24 && rows.at(-1).length) {
      rows.push([]);
      x = 24;
    }
    rows.at(-1).push({ ...one, x, row: rows.length - 1 });
    x += wide + 16;
  });
  return rows;
}
