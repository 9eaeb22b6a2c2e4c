// The accuracy matrix as a table whose cells are the heat map: rows are versions, columns are tasks.

import { empty, fill, h, show } from './dom.js';
import { score, signed, taskColour } from './format.js';

const NOTES = {
  union: 'Every adapter of the version applied. Small numbers: distance from the task’s best score so far.',
  task: 'Each task with the adapters up to its own. These numbers must never change down a column.',
};
const NOTHING = 5e-5;

export function renderMatrix(matrix, budget, model) {
  fill('matrix-note', NOTES[matrix?.view ?? 'union']);
  const measured = matrix && matrix.versions.length > 0;
  show('matrix-legend', measured);
  if (!measured) {
    fill('matrix', empty('No version has been measured yet',
      'A row appears once a task is trained, committed and every task is scored in both views.',
      `tessellate push ${model}/sentiment --data DIR --wait`));
    return;
  }
  const low = lowest(matrix);
  fill('matrix', heatTable(matrix, budget, low));
  fill('matrix-legend', h('span', {}, low.toFixed(1)), h('span', { class: 'ramp' }), h('span', {}, '1.0'),
    h('span', { class: 'key' }), h('span', {}, 'just learnt'),
    ...(matrix.view === 'union' ? [h('span', { class: 'over' }, '−0.00'), h('span', {}, `more than the budget of ${budget} below its best`)] : []));
}

/** Where the colours begin: a round number well below the lowest score, so that differences can be seen. */
function lowest(matrix) {
  const least = Math.min(0.9, ...matrix.matrix.flat().filter((score) => score !== null));
  return Math.min(0.8, Math.floor((least - 0.1) * 10) / 10);
}

function heatTable(matrix, budget, low) {
  const corner = h('td', {});
  const heads = matrix.tasks.map((task, i) =>
    h('th', { scope: 'col' },
      h('span', { class: 'name', title: task }, h('span', { class: 'swatch', style: { '--swatch': taskColour(i) } }), task),
      h('span', { class: 'metric' }, matrix.metrics[i])));
  const body = matrix.versions.map((version, row) =>
    h('tr', {},
      h('th', { scope: 'row' }, h('span', { class: 'name' }, `Version ${version}`)),
      matrix.tasks.map((_, column) => cell(matrix, row, column, budget, low))));
  return h('table', { class: 'heat hidden-caption', 'data-view': matrix.view, style: { '--columns': String(matrix.tasks.length) } },
    h('caption', {}, `Score of each task at each version, ${matrix.view} view`),
    h('thead', {}, h('tr', {}, corner, heads)),
    h('tbody', {}, body));
}

function cell(matrix, row, column, budget, low) {
  const value = matrix.matrix[row][column];
  if (value === undefined) return h('td', { class: 'blank', 'aria-label': 'not learnt yet' });
  if (value === null) return gap(matrix, row, column);
  const best = Math.max(...matrix.matrix.slice(0, row).map((earlier) => earlier[column] ?? -Infinity));
  const learnt = best === -Infinity;
  const drop = learnt ? 0 : best - value;
  const heat = Math.min(1, Math.max(0, (value - low) / (1 - low)));
  const classes = ['cell', heat > 0.5 ? 'strong' : '', learnt ? 'learnt' : ''].join(' ').trim();
  return h('td', { class: classes, style: { '--heat': heat.toFixed(4) }, 'data-row': row + 1, 'data-column': column + 1 },
    h('span', { class: 'score', title: without(matrix, row, column) }, score(value)),
    learnt ? null : delta(drop, drop > budget));
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
