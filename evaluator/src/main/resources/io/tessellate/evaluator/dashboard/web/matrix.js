// The accuracy matrix as a table whose cells are the heat map: rows are versions, columns are tasks.

import { byId, empty, fill, h, show } from './dom.js';
import { score, signed, taskColour } from './format.js';

const NOTES = {
  union: 'Every adapter of the version applied. Small numbers: distance from the task’s best score so far.',
  task: 'Each task with the adapters up to its own. These numbers must never change down a column.',
};
const NOTHING = 5e-5;
/** From which heat on a number is written in the other ink, so that it is readable on every colour: in light and in dark. */
const INKS = [['strong', 0.835], ['strong-dark', 0.675]];

/** From so many on a matrix scrolls inside itself, with smaller cells, and can be searched and sorted. */
const LARGE = { tasks: 12, versions: 20 };
const ORDERS = {
  commits: (matrix, columns) => columns,
  name: (matrix, columns) => columns.sort((a, b) => matrix.tasks[a].localeCompare(matrix.tasks[b])),
  lowest: (matrix, columns) => columns.sort((a, b) => latest(matrix, a) - latest(matrix, b)),
  drop: (matrix, columns) => columns.sort((a, b) => (matrix.drops?.[b] ?? -Infinity) - (matrix.drops?.[a] ?? -Infinity)),
};

let drawn = null;

export function renderMatrix(matrix, model) {
  drawn = { matrix, model };
  fill('matrix-note', NOTES[matrix?.view ?? 'union']);
  const measured = matrix && matrix.versions.length > 0;
  show('matrix-legend', measured);
  show('matrix-tools', measured && isLarge(matrix));
  if (!measured) {
    byId('matrix').classList.remove('large');
    fill('matrix', empty('No version has been measured yet',
      'A row appears once a task is trained, committed and every task is scored in both views.',
      `tessellate push ${model.name}/sentiment --data DIR --wait`));
    return;
  }
  const budget = model.forgettingBudget;
  const low = lowest(matrix);
  byId('matrix').classList.toggle('large', isLarge(matrix));
  fill('matrix', heatTable(matrix, model, low));
  fill('matrix-legend', h('span', {}, low.toFixed(1)), h('span', { class: 'ramp' }), h('span', {}, '1.0'),
    pair(h('span', { class: 'key' }), 'just learnt'),
    matrix.view === 'union' ? pair(h('span', { class: 'over' }, '−0.00'), `more than the budget of ${budget} below its best`) : null,
    quarantined(model).size > 0 ? pair(h('span', { class: 'key hollow' }), 'quarantined version') : null);
}

/** A sign of the legend with what it means, never torn apart. */
const pair = (sign, meaning) => h('span', { class: 'pair' }, sign, ' ', meaning);

const isLarge = (matrix) => matrix.tasks.length > LARGE.tasks || matrix.versions.length > LARGE.versions;

/** A task's score at the newest version; behind all others where it has none. */
const latest = (matrix, column) => matrix.matrix[matrix.matrix.length - 1][column] ?? Infinity;

const quarantined = (model) =>
  new Set(model.versions.filter((version) => version.standing === 'quarantined').map((version) => version.number));

/** Which columns are shown, in what order. */
function columnsOf(matrix) {
  const wanted = isLarge(matrix) ? byId('matrix-find').value.trim().toLowerCase() : '';
  const order = isLarge(matrix) ? byId('matrix-order').value : 'commits';
  return ORDERS[order](matrix, [...matrix.tasks.keys()].filter((i) => matrix.tasks[i].includes(wanted)));
}

for (const id of ['matrix-find', 'matrix-order', 'matrix-rows']) {
  byId(id).addEventListener('input', () => drawn && renderMatrix(drawn.matrix, drawn.model));
}

/** Where the colours begin: a round number well below the lowest score, so that differences can be seen. */
function lowest(matrix) {
  const least = Math.min(0.9, ...matrix.matrix.flat().filter((score) => score !== null));
  return Math.min(0.8, Math.floor((least - 0.1) * 10) / 10);
}

function heatTable(matrix, model, low) {
  const columns = columnsOf(matrix);
  const large = isLarge(matrix);
  if (columns.length === 0) return empty('No task is called so', 'The search looks in the names of all tasks.');
  const heads = columns.map((i) =>
    h('th', { scope: 'col' },
      h('span', { class: 'name', title: matrix.tasks[i] }, h('span', { class: 'swatch', style: { '--swatch': taskColour(i) } }), matrix.tasks[i]),
      h('span', { class: 'metric' }, matrix.metrics[i])));
  const hollow = quarantined(model);
  const bests = bestBefore(matrix);
  const rows = [...matrix.versions.keys()];
  if (large && byId('matrix-rows').value === 'newest') rows.reverse();
  const body = rows.map((row) => {
    const version = matrix.versions[row];
    const out = hollow.has(version);
    return h('tr', { class: out ? 'quarantined' : null },
      h('th', { scope: 'row', title: out ? 'quarantined' : null }, h('span', { class: 'name' }, large ? `v${version}` : `Version ${version}`)),
      columns.map((column) => cell(matrix, row, column, model.forgettingBudget, low, bests[row][column], large)));
  });
  return h('table', { class: 'heat hidden-caption', 'data-view': matrix.view, style: { '--columns': String(columns.length) } },
    h('caption', {}, `Score of each task at each version, ${matrix.view} view`),
    h('thead', {}, h('tr', {}, h('td', {}), heads)),
    h('tbody', {}, body));
}

/** For each row and task the best score of the rows before it. */
function bestBefore(matrix) {
  let best = matrix.tasks.map(() => -Infinity);
  return matrix.matrix.map((row) => {
    const before = best;
    best = best.map((value, i) => Math.max(value, row[i] ?? -Infinity));
    return before;
  });
}

function cell(matrix, row, column, budget, low, best, large) {
  const value = matrix.matrix[row][column];
  if (value === undefined) return h('td', { class: 'blank', 'aria-label': 'not learnt yet' });
  if (value === null) return gap(matrix, row, column);
  const learnt = best === -Infinity;
  const drop = learnt ? 0 : best - value;
  const heat = Math.min(1, Math.max(0, (value - low) / (1 - low)));
  const over = drop > budget;
  const classes = ['cell', ...INKS.filter(([, from]) => heat > from).map(([name]) => name), learnt ? 'learnt' : '', large && over ? 'dropped' : ''].filter(Boolean).join(' ');
  if (large) {
    const change = learnt ? 'just learnt' : `${signed(-drop)} from its best`;
    return h('td', { class: classes, title: `${matrix.tasks[column]} at version ${matrix.versions[row]}: ${score(value)}, ${change}`, style: { '--heat': heat.toFixed(3) }, 'data-row': row + 1, 'data-column': column + 1 }, value.toFixed(2));
  }
  return h('td', { class: classes, style: { '--heat': heat.toFixed(4) }, 'data-row': row + 1, 'data-column': column + 1 },
    h('span', { class: 'score', title: without(matrix, row, column) }, score(value)),
    learnt ? null : delta(drop, over));
}

/** What of the eval split a score does without. */
function without(matrix, row, column) {
  const part = matrix.leftOut?.find((each) => each.version === matrix.versions[row] && each.task === matrix.tasks[column]);
  return part ? `${part.examples} eval examples left out: maxLength leaves nothing of their completions` : null;
}

/** A score that could not be computed: the reason is all there is. */
function gap(matrix, row, column) {
  const why = matrix.gaps?.find((each) => each.version === matrix.versions[row] && each.task === matrix.tasks[column]);
  const reason = why ? `not measured, ${why.code}: ${why.reason}` : 'not measured';
  return h('td', { class: 'cell gap', title: reason, 'aria-label': reason, 'data-row': row + 1, 'data-column': column + 1 },
    h('span', { class: 'score' }, '–'));
}

function delta(drop, over) {
  if (Math.abs(drop) < NOTHING) return h('span', { class: 'delta' }, '±0');
  return h('span', { class: over ? 'delta over' : 'delta', title: over ? 'more than the forgetting budget' : null }, signed(-drop));
}
