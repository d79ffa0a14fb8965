// Draws every element that carries data-chart="<id of a JSON option block>", or the option itself in data-option.
import { BarChart, LineChart, SankeyChart, ScatterChart } from "echarts/charts";
import { AriaComponent, DatasetComponent, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";

echarts.use([
  BarChart, LineChart, SankeyChart, ScatterChart, AriaComponent, DatasetComponent, GridComponent, LegendComponent,
  MarkLineComponent, TitleComponent, TooltipComponent, CanvasRenderer, SVGRenderer, LabelLayout,
]);

const colours = ["#0f6e6e", "#c2762b", "#3a66a7", "#7a8b3c", "#8a4f7d", "#6b7280"];

function draw(element) {
  const told = element.dataset.option || document.getElementById(element.dataset.chart)?.textContent;
  if (!told || element.dataset.drawn) return;
  element.dataset.drawn = "yes";
  const chart = echarts.init(element, null, { renderer: "svg" });
  chart.setOption({ color: colours, aria: { enabled: true, decal: { show: true } }, animationDuration: 300, ...JSON.parse(told) });
  chart.on("click", (event) => { if (event.data && event.data.url) window.location.assign(event.data.url); });
  new ResizeObserver(() => chart.resize()).observe(element);
}

function drawAll() {
  document.querySelectorAll("[data-chart]").forEach(draw);
}

window.echarts = echarts;
drawAll();
document.addEventListener("htmx:afterSettle", drawAll);
