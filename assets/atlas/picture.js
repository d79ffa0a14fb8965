// The map as it stands, with title, legend, source and date, as a picture to save.
const FACE = '"PingFang SC","Noto Sans CJK SC","Noto Sans SC","Microsoft YaHei",sans-serif';

export function save(map, { title, subtitle, legend, source, name }) {
  map.once("render", () => {
    const canvas = compose(map.getCanvas(), { title, subtitle, legend, source });
    canvas.toBlob((blob) => {
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: `${name}.png` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    });
  });
  map.triggerRepaint();
}

function compose(drawn, { title, subtitle, legend, source }) {
  const scale = Math.max(1, drawn.width / 1100);
  const [head, foot] = [86 * scale, 76 * scale];
  const canvas = Object.assign(document.createElement("canvas"), { width: drawn.width, height: drawn.height + head + foot });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fffdf9";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(drawn, 0, head);
  const write = (words, x, y, size, colour = "#22302f", weight = 400) => {
    pen.fillStyle = colour;
    pen.font = `${weight} ${size * scale}px ${FACE}`;
    pen.fillText(words, x * scale, y);
    return pen.measureText(words).width / scale;
  };
  write(title, 24, 40 * scale, 24, "#123f40", 700);
  write(subtitle, 24, 68 * scale, 15, "#5b6966");
  let x = 24;
  const top = drawn.height + head + 14 * scale;
  legend.forEach(({ colour, words }) => {
    pen.fillStyle = colour;
    pen.fillRect(x * scale, top, 22 * scale, 16 * scale);
    pen.strokeStyle = "#8b9794";
    pen.strokeRect(x * scale, top, 22 * scale, 16 * scale);
    x += 28 + write(words, x + 28, top + 13 * scale, 13) + 16;
  });
  write(source, 24, top + 44 * scale, 12, "#5b6966");
  return canvas;
}
