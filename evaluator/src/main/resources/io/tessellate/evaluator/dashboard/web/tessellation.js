// Who owns how much: the whole model as a mosaic, each tensor as a stacked bar, and both as numbers.

import { axisStyle, draw, tooltip } from './charts.js';
import { byId, empty, fill, h, show, table } from './dom.js';
import { colourOf, compact, count, layerLabel, percent, resolved, tensorLabel } from './format.js';

const TILES = 250;
const BAR_HEIGHT = 22;
const MOST_BARS = 24;

export function renderTessellation(tessellation, model) {
  const eligible = model.eligible;
  fill('tiles-note', `${count(eligible)} eligible weights. One tile is ${percent(1 / TILES)} of them. ` +
    (model.ownership === 'SHARED' ? 'This model lets tasks overwrite each other.' : 'No weight has two owners.'));
  const owners = model.versions.filter((version) => version.held).map((version) =>
    ({ place: version.number - 1, task: version.task, method: version.method, owned: version.owned - version.overlap, colour: colourOf(model, version.task) }));
  mosaic(owners, eligible);
  legend(owners, model);
  fill('forecast-hint', 'Before a training, ', h('code', {}, `tessellate forecast ${model.name} DIR`), ' says which weights a dataset wants, whose they are, and how many more such tasks fit.');
  tensors(tessellation, owners);
}

function mosaic(owners, eligible) {
  const colours = [];
  let total = 0;
  for (const owner of owners) {
    total += owner.owned;
    const end = Math.round((TILES * total) / eligible);
    while (colours.length < end) colours.push(owner.colour);
  }
  const grid = byId('mosaic');
  if (grid.childElementCount !== TILES) {
    grid.replaceChildren(...Array.from({ length: TILES }, () => h('span')));
  }
  [...grid.children].forEach((tile, i) => {
    if (colours[i]) tile.style.setProperty('--swatch', colours[i]);
    else tile.style.removeProperty('--swatch');
  });
  grid.setAttribute('role', 'img');
  grid.setAttribute('aria-label', `${percent(total / eligible)} of the eligible weights are owned`);
}

function legend(owners, model) {
  const items = owners.map((owner) => item(owner.colour, `${owner.task}`, owner.owned, model.eligible, owner.method));
  fill('owners', items, item('var(--free)', 'free', model.free, model.eligible, null));
}

function item(colour, name, owned, eligible, method) {
  return h('li', { title: `${count(owned)} weights${method ? `, ${method}` : ''}` },
    h('span', { class: 'swatch', style: { '--swatch': colour } }),
    h('span', {}, name),
    h('span', { class: 'value' }, `${percent(owned / eligible)} · ${compact(owned)}`));
}

function tensors(tessellation, owners) {
  const known = tessellation && tessellation.tensors.length > 0 && owners.length > 0;
  show('tensors-chart', known);
  show('tensors-details', known);
  fill('tensors-empty', known ? null : empty(
    owners.length > 0 ? 'The adapters are being read' : 'Every weight is free',
    owners.length > 0 ? 'Shares by tensor follow in a moment.' : 'The first committed task lays the first tiles.'));
  if (!known) return;
  const rows = tessellation.tensors.length > MOST_BARS ? layers(tessellation.tensors) : tessellation.tensors.map(bar);
  fill('tensors-title', tessellation.tensors.length > MOST_BARS ? 'By layer' : 'By tensor');
  byId('tensors-chart').style.setProperty('height', `${Math.max(160, rows.length * BAR_HEIGHT + 40)}px`);
  bars(rows, owners);
  fill('tensors-table', table('Share of each tensor by owner', [
    'Tensor', { title: 'Weights', number: true },
    ...owners.map((owner) => ({ title: owner.task, number: true })), { title: 'free', number: true },
  ], tessellation.tensors.map((tensor) => [
    h('code', {}, tensor.name), count(tensor.size),
    ...owners.map(({ place }) => percent((tensor.owned[place] ?? 0) / tensor.size)), percent(tensor.free / tensor.size),
  ])));
}

const bar = (tensor) => ({ ...tensor, label: tensorLabel(tensor.name) });

/** One bar per layer for models with too many tensors to tell apart. */
function layers(tensors) {
  const groups = new Map();
  for (const tensor of tensors) {
    const label = layerLabel(tensor.name);
    const sum = groups.get(label) ?? { name: label, label, size: 0, free: 0, owned: [] };
    sum.size += tensor.size;
    sum.free += tensor.free;
    tensor.owned.forEach((n, i) => { sum.owned[i] = (sum.owned[i] ?? 0) + n; });
    groups.set(label, sum);
  }
  return [...groups.values()];
}

function bars(rows, owners) {
  const freeShare = rows.reduce((sum, each) => sum + each.free, 0) / rows.reduce((sum, each) => sum + each.size, 0);
  const share = (each, { place }) => (each.owned[place] ?? 0) / each.size;
  draw('tensors-chart', `Owners of ${rows.length} parts of the model; ${percent(freeShare)} is free.`, (theme) => ({
    grid: { left: 4, right: 16, top: 4, bottom: 4, containLabel: true },
    tooltip: { ...tooltip(theme, (points) => tip(points, rows)), axisPointer: { type: 'shadow' } },
    xAxis: { type: 'value', max: 1, ...axisStyle(theme), axisLabel: { color: theme.muted, hideOverlap: true, formatter: (v) => `${Math.round(100 * v)} %` } },
    yAxis: { type: 'category', inverse: true, data: rows.map((each) => each.label), ...axisStyle(theme) },
    series: [
      ...owners.map((owner) => stack(owner.task, rows.map((each) => share(each, owner)), resolved(owner.colour), theme)),
      stack('free', rows.map((each) => each.free / each.size), resolved('--free'), theme),
    ],
  }));
}

function stack(name, data, color, theme) {
  return { name, type: 'bar', stack: 'owned', data, color, barCategoryGap: '28%', itemStyle: { borderColor: theme.card, borderWidth: 1 } };
}

function tip(points, rows) {
  return [
    h('b', {}, rows[points[0].dataIndex].name),
    ...points.filter((point) => point.value > 0).map((point) => h('div', {}, `${point.seriesName}: ${percent(point.value)}`)),
  ];
}
