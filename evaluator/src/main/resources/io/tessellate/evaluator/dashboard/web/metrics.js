// ACC and forgetting over the versions, both views, and the same numbers as a table.

import { axisStyle, draw, tooltip } from './charts.js';
import { empty, fill, h, show, table } from './dom.js';
import { fixed, resolved, score } from './format.js';

const COLOURS = { union: '--task-2', task: '--task-1' };

export function renderMetrics(matrices, budget) {
  const union = matrices?.union;
  const measured = union && union.versions.length > 0;
  show('metrics-body', measured);
  fill('metrics-empty', measured ? null : empty('Nothing to draw yet', 'Two lines per chart start with the first measured version.'));
  if (!measured) return;
  const { task } = matrices;
  fill('metrics-legend', ['union', 'task'].map((view) =>
    h('li', {}, h('span', { class: 'swatch', style: { '--swatch': `var(${COLOURS[view]})` } }), `${view} view`)));
  line('accuracy-chart', 'averageAccuracy', union, task, null);
  line('forgetting-chart', 'forgetting', union, task, worthDrawing(budget, union));
  fill('metrics-table', table('Metrics of each version', [
    'Version',
    { title: 'ACC union', number: true }, { title: 'ACC task', number: true },
    { title: 'BWT union', number: true },
    { title: 'F union', number: true }, { title: 'F task', number: true },
  ], union.history.map((point, i) => [
    String(point.version),
    score(point.averageAccuracy), score(task.history[i].averageAccuracy),
    score(point.backwardTransfer), score(point.forgetting), score(task.history[i].forgetting),
  ])));
}

/** The budget as a line, unless it lies so far above the curves that it would flatten them. */
function worthDrawing(budget, union) {
  const most = Math.max(0, ...union.history.map((point) => point.forgetting ?? 0));
  return budget <= Math.max(0.1, 3 * most) ? budget : null;
}

function line(id, field, union, task, budget) {
  const label = `${field === 'forgetting' ? 'Forgetting' : 'Average accuracy'} by version. ` +
    `Newest version: union view ${score(union[field])}, task view ${score(task[field])}.`;
  draw(id, label, (theme) => ({
    grid: { left: 10, right: 16, top: 12, bottom: 4, containLabel: true },
    tooltip: tooltip(theme, (points) => [
      h('b', {}, `Version ${points[0].axisValue.slice(1)}`),
      ...points.map((point) => h('div', {}, `${point.seriesName}: ${score(point.value)}`)),
    ]),
    xAxis: { type: 'category', data: union.versions.map((n) => `v${n}`), boundaryGap: false, ...axisStyle(theme), splitLine: { show: false } },
    yAxis: {
      type: 'value', splitNumber: 3, ...axisStyle(theme),
      scale: field !== 'forgetting',
      max: budget === null ? null : (range) => Math.max(range.max, budget) * 1.15,
      axisLabel: { color: theme.muted, hideOverlap: true, formatter: (v) => fixed(v, 2), showMaxLabel: budget === null },
    },
    series: series(field, union, task, budget, theme),
  }));
}

function series(field, union, task, budget, theme) {
  const both = [['union', union], ['task', task]].map(([view, matrix]) => ({
    name: `${view} view`,
    type: 'line',
    data: matrix.history.map((point) => point[field]),
    symbol: 'circle',
    symbolSize: 7,
    lineStyle: { width: 2.5 },
    color: resolved(COLOURS[view]),
  }));
  if (budget !== null) {
    both[0].markLine = {
      silent: true, symbol: 'none', data: [{ yAxis: budget }],
      lineStyle: { color: theme.muted, type: 'dashed' },
      label: { position: 'insideStartTop', formatter: `budget ${budget}`, color: theme.muted, fontSize: 11 },
    };
  }
  return both;
}
