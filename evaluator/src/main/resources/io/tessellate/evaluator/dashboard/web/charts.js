// One place where ECharts is spoken to: theme from the page's own colours, resize, reduced motion, text alternative.

import { init } from './vendor/charts.min.js';
import { byId, h } from './dom.js';
import { resolved } from './format.js';

const charts = new Map();
const still = matchMedia('(prefers-reduced-motion: reduce)');

/** Draws `build(theme)` into the element and says `label` to those who cannot see it. */
export function draw(id, label, build) {
  const element = byId(id);
  let chart = charts.get(id);
  if (!chart) {
    chart = { view: init(element, null, { renderer: 'canvas' }), build };
    charts.set(id, chart);
    new ResizeObserver(() => chart.view.resize()).observe(element);
  }
  chart.build = build;
  element.setAttribute('role', 'img');
  element.setAttribute('aria-label', label);
  render(chart);
}

function render(chart) {
  const theme = {
    ink: resolved('--ink'),
    muted: resolved('--muted'),
    line: resolved('--line'),
    card: resolved('--card'),
    sans: resolved('--sans'),
  };
  chart.view.setOption({
    animation: !still.matches,
    animationDuration: 400,
    textStyle: { fontFamily: theme.sans, color: theme.muted },
    ...chart.build(theme),
  }, { notMerge: true });
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => charts.forEach(render));

export const axisStyle = (theme) => ({
  axisLine: { lineStyle: { color: theme.line } },
  axisTick: { show: false },
  axisLabel: { color: theme.muted, fontSize: 12, hideOverlap: true },
  splitLine: { lineStyle: { color: theme.line } },
  nameTextStyle: { color: theme.muted, fontSize: 12 },
});

/** A tooltip whose content is built from nodes, not from markup. */
export const tooltip = (theme, content) => ({
  trigger: 'axis',
  axisPointer: { type: 'line', lineStyle: { color: theme.muted, opacity: 0.5 } },
  backgroundColor: theme.card,
  borderColor: theme.line,
  padding: [8, 12],
  textStyle: { color: theme.ink, fontFamily: theme.sans, fontSize: 13 },
  formatter: (points) => h('div', { class: 'tip' }, content(points)),
});
