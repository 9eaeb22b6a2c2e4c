// The accuracy matrix as a table whose cells are the heat map: rows are versions, columns are tasks.

import { byId, empty, fill, h, on, show, table } from './dom.js';
import { colourOf, count, fixed, listed, score, signed } from './format.js';

const NOTES = {
  union: 'Every adapter of the version applied. Small numbers: distance from the task’s best score so far.',
  task: 'Each task with the adapters up to its own. These numbers must never change down a column.',
};
const NOTHING = 5e-5;
/** From which heat on a number is written in the other ink, so that it is readable on every colour: in light and in dark. */
const INKS = [['strong', 0.835], ['strong-dark', 0.675]];
const TONES = { PASS: 'good', WARN: 'warn', FAIL: 'bad' };
const METHODS = { wilson: 'Wilson', bootstrap: 'bootstrap' };

/** From so many on a matrix scrolls inside itself, with smaller cells, and can be searched and sorted. */
const LARGE = { tasks: 12, versions: 20 };
const ORDERS = {
  commits: (matrix, columns) => columns,
  name: (matrix, columns) => columns.sort((a, b) => matrix.tasks[a].localeCompare(matrix.tasks[b])),
  lowest: (matrix, columns) => columns.sort((a, b) => latest(matrix, a) - latest(matrix, b)),
  drop: (matrix, columns) => columns.sort((a, b) => (matrix.drops?.[b] ?? -Infinity) - (matrix.drops?.[a] ?? -Infinity)),
};

let drawn = null;
/** The cell that the keyboard is at: row and column of the matrix. */
let active = null;
/** The version whose verdict is explained. */
let explained = null;

export function renderMatrix(matrix, model) {
  if (drawn && drawn.model.name !== model.name) {
    active = null;
    explained = null;
  }
  drawn = { matrix, model };
  fill('matrix-note', NOTES[matrix?.view ?? 'union']);
  const measured = matrix && matrix.versions.length > 0;
  show('matrix-legend', measured);
  show('matrix-facts', measured);
  show('matrix-details', measured);
  show('matrix-tools', measured && isLarge(matrix));
  if (!measured) {
    byId('matrix').classList.remove('large');
    show('verdict', false);
    fill('matrix', empty('No version has been measured yet',
      'A row appears once a task is trained, committed and every task is scored in both views.',
      `tessellate push ${model.name}/sentiment --data DIR --wait`));
    return;
  }
  const budget = model.forgettingBudget;
  const low = lowest(matrix);
  byId('matrix').classList.toggle('large', isLarge(matrix));
  fill('matrix', heatTable(matrix, model, low));
  fill('matrix-legend', h('span', {}, fixed(low, 1)), h('span', { class: 'ramp' }), h('span', {}, '1.0'),
    pair(h('span', { class: 'key' }), 'just learnt'),
    matrix.view === 'union' ? pair(h('span', { class: 'over' }, 'drop'), `more than the budget of ${budget} below its best`) : null,
    quarantined(model).size > 0 ? pair(h('span', { class: 'key hollow' }), 'quarantined version') : null,
    model.champion ? pair(h('span', { class: 'crown' }, '★'), 'champion') : null);
  renderVerdict();
  renderIntervals(matrix);
  const at = byId('matrix').querySelector('td[tabindex="0"]');
  tell(at === document.activeElement ? at : null);
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

/** Where the colours begin: a round number well below the lowest score, so that differences can be seen. */
function lowest(matrix) {
  const least = matrix.matrix.flat().reduce((low, value) => (value !== null && value < low ? value : low), 0.9);
  return Math.min(0.8, Math.floor((least - 0.1) * 10) / 10);
}

function heatTable(matrix, model, low) {
  const columns = columnsOf(matrix);
  const large = isLarge(matrix);
  if (columns.length === 0) return empty('No task is called so', 'The search looks in the names of all tasks.');
  const heads = columns.map((i) =>
    h('th', { scope: 'col' },
      h('span', { class: 'name', title: matrix.tasks[i] }, h('span', { class: 'swatch', style: { '--swatch': colourOf(model, matrix.tasks[i]) } }), matrix.tasks[i]),
      h('span', { class: 'metric' }, matrix.metrics[i])));
  const hollow = quarantined(model);
  const bests = bestBefore(matrix);
  const rows = [...matrix.versions.keys()];
  if (large && byId('matrix-rows').value === 'newest') rows.reverse();
  const known = active && matrix.matrix[active.row]?.[active.column] !== undefined && columns.includes(active.column);
  const start = known ? active : { row: matrix.versions.length - 1, column: columns[0] };
  const body = rows.map((row) => {
    const version = matrix.versions[row];
    return h('tr', { class: hollow.has(version) ? 'quarantined' : null, 'data-key': `v${version}` },
      rowHead(matrix, model, row, large, hollow.has(version)),
      columns.map((column) => cell(matrix, row, column, model.forgettingBudget, low, bests[row][column], large,
        row === start.row && column === start.column)));
  });
  return h('table', { class: 'heat hidden-caption', role: 'grid', 'data-view': matrix.view, style: { '--columns': String(columns.length) } },
    h('caption', {}, `Score of each task at each version, ${matrix.view} view`),
    h('thead', {}, h('tr', {}, h('td', {}), heads)),
    h('tbody', {}, body));
}

/** A version with its verdict, which can be asked why; the champion is marked. */
function rowHead(matrix, model, row, large, out) {
  const version = matrix.versions[row];
  const verdict = matrix.rows[row]?.verdict?.verdict;
  const champion = model.champion === version;
  return h('th', { scope: 'row', title: out ? 'quarantined' : null },
    h('span', { class: 'name' }, large ? `v${version}` : `Version ${version}`),
    champion ? h('span', { class: 'crown', title: 'champion' }, h('span', { 'aria-hidden': 'true' }, '★'), h('span', { class: 'unseen' }, ' champion')) : null,
    out ? h('span', { class: 'unseen' }, ' quarantined') : null,
    verdict ? h('button', {
      type: 'button', class: 'verdict', 'data-tone': TONES[verdict], 'data-verdict': version, 'data-key': 'verdict',
      'aria-expanded': String(explained === version), 'aria-controls': 'verdict',
      'aria-label': `${verdict}: why version ${version} was judged so`,
    }, large ? verdict.slice(0, 1) : verdict) : null);
}

/** For each row and task the best score of the rows before it, with the version that had it. */
function bestBefore(matrix) {
  let best = matrix.tasks.map(() => -Infinity);
  return matrix.matrix.map((row) => {
    const before = best;
    best = best.map((value, i) => Math.max(value, row[i] ?? -Infinity));
    return before;
  });
}

function cell(matrix, row, column, budget, low, best, large, stop) {
  const value = matrix.matrix[row][column];
  if (value === undefined) return h('td', { class: 'blank', 'aria-label': 'not learnt yet' });
  const place = { 'data-row': row + 1, 'data-column': column + 1, tabindex: stop ? 0 : null };
  if (value === null) return holds(matrix, row, column) ? gap(matrix, row, column, place) : h('td', { class: 'blank', 'aria-label': 'not in this version', title: 'not in this version', ...place });
  const learnt = best === -Infinity;
  const drop = learnt ? 0 : best - value;
  const heat = Math.min(1, Math.max(0, (value - low) / (1 - low)));
  const over = drop > budget;
  const classes = ['cell', ...INKS.filter(([, from]) => heat > from).map(([name]) => name), learnt ? 'learnt' : '', large && over ? 'dropped' : ''].filter(Boolean).join(' ');
  if (large) return h('td', { class: classes, style: { '--heat': String(heat) }, ...place }, fixed(value, 2));
  return h('td', { class: classes, style: { '--heat': String(heat) }, ...place },
    h('span', { class: 'score' }, score(value)),
    learnt ? null : delta(drop, over));
}

const holds = (matrix, row, column) => !matrix.rows[row] || matrix.rows[row].holds.includes(matrix.tasks[column]);

/** A score that could not be computed. */
function gap(matrix, row, column, place) {
  return h('td', { class: 'cell gap', 'aria-label': missing(matrix, row, column), ...place }, h('span', { class: 'score' }, '–'));
}

/** Why there is no score: the reason is all there is. */
function missing(matrix, row, column) {
  const why = matrix.gaps?.find((each) => each.version === matrix.versions[row] && each.task === matrix.tasks[column]);
  return why ? `not measured, ${why.code}: ${why.reason}` : 'not measured';
}

function delta(drop, over) {
  if (Math.abs(drop) < NOTHING) return h('span', { class: 'delta' }, '±0');
  return h('span', { class: over ? 'delta over' : 'delta', title: over ? 'more than the forgetting budget' : null }, signed(-drop));
}

/** Everything that is known of one score, in words. */
function facts(matrix, row, column) {
  const head = `${matrix.tasks[column]} at version ${matrix.versions[row]}`;
  const value = matrix.matrix[row][column];
  if (value === null) return `${head}: ${holds(matrix, row, column) ? missing(matrix, row, column) : 'not in this version'}.`;
  const one = matrix.rows[row]?.cells.find((each) => each.task === matrix.tasks[column]);
  const parts = [`${matrix.metrics[column]} ${score(value)}`];
  if (one?.low !== null && one?.low !== undefined) parts.push(`95 % interval ${score(one.low)} to ${score(one.high)} (${METHODS[one.interval] ?? one.interval})`);
  if (one?.examples) parts.push(`${count(one.examples)} examples`);
  const best = bestBefore(matrix)[row][column];
  parts.push(best === -Infinity ? 'just learnt' : `${signed(value - best)} from its best before`);
  if (one?.proven) parts.push('not scored again: its weights are proven to be those that were scored');
  const part = matrix.leftOut?.find((each) => each.version === matrix.versions[row] && each.task === matrix.tasks[column]);
  if (part) parts.push(`${count(part.examples)} eval examples left out, of whose completions maxLength leaves nothing`);
  return `${head}: ${parts.join(', ')}.`;
}

/** Says what is known of a cell; of none, how to ask. */
function tell(at) {
  const { matrix } = drawn;
  fill('matrix-facts', at
    ? facts(matrix, Number(at.dataset.row) - 1, Number(at.dataset.column) - 1)
    : 'Point at a score, or go to it with the arrow keys: its interval and its number of examples stand here.');
}

/** Goes to a cell: it alone is reached by the tabulator, and is described by its facts. */
function enter(at) {
  for (const other of byId('matrix').querySelectorAll('td[tabindex]')) if (other !== at) other.removeAttribute('tabindex');
  active = { row: Number(at.dataset.row) - 1, column: Number(at.dataset.column) - 1 };
  at.tabIndex = 0;
  at.setAttribute('aria-describedby', 'matrix-facts');
  tell(at);
}

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function move(at, key) {
  const row = at.parentElement;
  const [down, right] = STEPS[key];
  const next = right !== 0
    ? row.children[at.cellIndex + right]
    : row.parentElement.rows[row.sectionRowIndex + down]?.children[at.cellIndex];
  return next?.dataset.row ? next : null;
}

/** The newest row with its intervals, for those who read rather than point. */
function renderIntervals(matrix) {
  const row = matrix.rows.length - 1;
  const newest = matrix.rows[row];
  fill('matrix-intervals', newest ? table(`Version ${newest.version}, ${matrix.view} view`, [
    'Task', { title: 'Score', number: true }, { title: '95 % from', number: true }, { title: 'to', number: true },
    { title: 'Examples', number: true }, 'How',
  ], newest.cells.map((one) => [
    one.task, score(one.score), score(one.low), score(one.high), one.examples === null ? '–' : count(one.examples),
    one.score === null ? missing(matrix, row, matrix.tasks.indexOf(one.task))
      : [one.proven ? 'proven' : 'scored', METHODS[one.interval] ?? one.interval].filter(Boolean).join(', '),
  ])) : null);
}

/** Why a version was judged as it was: one line for each earlier task. */
function renderVerdict() {
  const { matrix } = drawn;
  const row = matrix.rows.find((each) => each.version === explained && each.verdict);
  show('verdict', Boolean(row));
  if (!row) return;
  const { verdict, reason, significance, failedVersions, tasks } = row.verdict;
  fill('verdict-title', h('span', { class: 'pill', 'data-tone': TONES[verdict] }, verdict), ` Version ${row.version}`);
  fill('verdict-reason', reason);
  const used = [...new Set(tasks.map((task) => task.test).filter(Boolean))];
  fill('verdict-rules', [
    significance === null ? 'Judged by points alone.' : `A drop over its budget fails only with a corrected p of at most ${significance}.`,
    failedVersions === 'quarantine' ? 'The adapter of a failed version stays out of all later ones.' : 'The adapter of a failed version is kept.',
    'Judged in the union view.',
    used.length > 0 ? `Test on the examples of both versions: ${listed(used)}; corrected by Holm.` : null,
  ].filter(Boolean).join(' '));
  const known = tasks.length > 0;
  fill('verdict-table', known ? table(`Why version ${row.version} was judged so`, [
    'Task', 'Verdict', { title: 'Drop', number: true }, { title: 'Budget', number: true }, { title: 'Against', number: true },
    { title: 'Lost', number: true }, { title: 'Won', number: true }, { title: 'Of', number: true },
    { title: 'p', number: true }, { title: 'corrected', number: true },
  ], tasks.map((task) => [
    task.task,
    h('span', { class: 'pill', 'data-tone': TONES[task.verdict] }, task.verdict),
    task.drop === null ? '–' : signed(task.drop), h('span', { title: `of the ${task.budgetFrom}` }, String(task.budget)),
    task.against === null ? '–' : `v${task.against}`,
    task.lost === null ? '–' : count(task.lost), task.won === null ? '–' : count(task.won), count(task.examples),
    chance(task.p), chance(task.corrected),
  ])) : empty('There was no earlier task', 'What is first has nothing to forget.'));
  fill('verdict-remarks', tasks.filter((task) => task.verdict !== 'PASS' || task.untested).map((task) =>
    h('li', { 'data-key': task.task }, h('b', {}, task.task), ` ${task.reason}${task.untested ? `; not tested: ${task.untested}` : ''}`)));
}

const chance = (p) => (p === null || p === undefined ? '–' : p < 0.001 ? '< 0.001' : fixed(p, 3));

function explain(version) {
  explained = explained === version ? null : version;
  for (const button of byId('matrix').querySelectorAll('button[data-verdict]')) {
    button.setAttribute('aria-expanded', String(Number(button.dataset.verdict) === explained));
  }
  renderVerdict();
}

export function startMatrix() {
  for (const id of ['matrix-find', 'matrix-order', 'matrix-rows']) {
    byId(id).addEventListener('input', () => drawn && renderMatrix(drawn.matrix, drawn.model));
  }
  on('matrix', 'mouseover', 'td[data-row]', (at) => tell(at));
  byId('matrix').addEventListener('mouseleave', () => {
    const at = byId('matrix').querySelector('td[tabindex="0"]');
    if (drawn?.matrix?.versions.length > 0) tell(at === document.activeElement ? at : null);
  });
  on('matrix', 'focusin', 'td[data-row]', (at) => enter(at));
  on('matrix', 'click', 'td[data-row]', (at) => {
    enter(at);
    at.focus();
  });
  on('matrix', 'keydown', 'td[data-row]', (at, event) => {
    if (!(event.key in STEPS)) return;
    event.preventDefault();
    const next = move(at, event.key);
    if (next) {
      enter(next);
      next.focus();
    }
  });
  on('matrix', 'click', 'button[data-verdict]', (button) => explain(Number(button.dataset.verdict)));
  byId('verdict-close').addEventListener('click', () => {
    const version = explained;
    explain(version);
    byId('matrix').querySelector(`button[data-verdict="${version}"]`)?.focus();
  });
}
