// Tasks with their states, the progress of those in training, and what became of their records.

import { actButton } from './acts.js';
import { drawing, empty, fill, h, table } from './dom.js';
import { colourOf, count, duration, fixed, percent, score, taskName, time } from './format.js';

const STATES = {
  ARRIVING: ['Arriving', 'busy'],
  READY: ['Ready', 'neutral'],
  TRAINING: ['Training', 'busy'],
  COMMITTED: ['Measuring', 'busy'],
  EVALUATED: ['Evaluated', 'good'],
  DUPLICATE: ['Duplicate', 'neutral'],
  REJECTED: ['Rejected', 'bad'],
  FAILED: ['Failed', 'bad'],
  DROPPED: ['Dropped', 'neutral'],
  CANCELLED: ['Cancelled', 'neutral'],
};
const PHASES = { start: 'Starting', calibrate: 'Calibrating', race: 'Racing candidates', train: 'Training', evaluate: 'Evaluating', commit: 'Waiting for the registry' };

export function renderTasks(tasks, model, matrix) {
  const name = model.name;
  if (tasks.length === 0) {
    fill('tasks', empty('No task has arrived',
      'Push a data set, or let any producer write to the topic.',
      `tessellate push ${name}/sentiment --data DIR`));
    return;
  }
  const head = ['Task', 'State', 'Progress and result', 'Read', 'Accepted', 'Dead letters', 'Duplicates', 'Version', 'Updated', 'Act'];
  const numeric = new Set(['Read', 'Accepted', 'Dead letters', 'Duplicates', 'Version']);
  fill('tasks', h('table', { class: 'hidden-caption' },
    h('caption', {}, 'Tasks of the model'),
    h('thead', {}, h('tr', {}, head.map((title) => h('th', { scope: 'col', class: numeric.has(title) ? 'number' : null }, title)))),
    h('tbody', {}, tasks.map((task) => row(task, model, matrix)))));
}

function row(task, model, matrix) {
  const [label, tone] = task.hold ? ['Held up', 'bad'] : STATES[task.state] ?? [task.state, 'neutral'];
  return h('tr', { 'data-task': taskName(task.task), 'data-state': task.state, 'data-key': task.task },
    h('th', { scope: 'row' },
      h('span', { class: 'swatch', style: { '--swatch': colourOf(model, taskName(task.task)) } }),
      h('span', { class: 'task-name' }, taskName(task.task))),
    h('td', {}, h('span', { class: 'pill', 'data-tone': tone }, label)),
    h('td', {}, detail(task, matrix), remarks(task), race(task)),
    number(task.read), number(task.accepted), number(task.deadLettered), number(task.duplicates),
    h('td', { class: 'number' }, task.version ? String(task.version) : '–'),
    h('td', {}, h('time', { datetime: task.updated, class: 'muted' }, time(task.updated))),
    h('td', {}, act(task, model)));
}

/** What may be done about a task now: its run cancelled, or its adapter taken out. */
function act(task, model) {
  const name = taskName(task.task);
  if (task.run && ['READY', 'TRAINING'].includes(task.state)) return actButton('cancel', 'Cancel…', { task: name, run: task.run });
  const held = model.versions.some((version) => version.held && version.task === name);
  return held && ['COMMITTED', 'EVALUATED'].includes(task.state) ? actButton('drop', 'Drop…', { task: name }) : null;
}

function number(value) {
  return h('td', { class: value === 0 ? 'number zero' : 'number' }, count(value));
}

function detail(task, matrix) {
  if (task.error) return h('span', { class: ['CANCELLED', 'DROPPED'].includes(task.state) ? 'muted' : 'problem' }, h('b', {}, task.error.code), ` ${task.error.message}`);
  if (task.hold) return null;
  const { progress } = task;
  if (!progress) return learnt(task, matrix);
  const share = progress.steps > 0 ? progress.step / progress.steps : null;
  const words = [PHASES[progress.phase] ?? progress.phase];
  if (share !== null) words.push(`${count(progress.step)} of ${count(progress.steps)}`);
  if (progress.loss !== null) words.push(`loss ${fixed(progress.loss, 3)}`);
  if (progress.secondsLeft !== null) words.push(`${duration(progress.secondsLeft)} left`);
  return h('div', { class: 'progress' },
    h('progress', share === null ? {} : { max: 1, value: share, 'aria-label': `${taskName(task.task)} ${percent(share, 0)}` }),
    curve(task),
    h('div', { class: 'line' }, words.join(' · ')));
}

const CURVE = { width: 190, height: 34 };

/** The loss so far as a line; what it is at both ends is said to those who cannot see it. */
function curve(task) {
  const points = task.losses ?? [];
  if (points.length < 2) return null;
  const steps = task.progress.steps || points[points.length - 1].step;
  const most = Math.max(...points.map((point) => point.loss));
  const least = Math.min(...points.map((point) => point.loss));
  const place = ({ step, loss }) =>
    `${(CURVE.width * step) / steps},${2 + (CURVE.height - 4) * (most === least ? 0.5 : (most - loss) / (most - least))}`;
  const label = `Loss from ${fixed(points[0].loss, 3)} to ${fixed(points[points.length - 1].loss, 3)} over ${count(points[points.length - 1].step)} steps`;
  return drawing('svg', { class: 'curve', viewBox: `0 0 ${CURVE.width} ${CURVE.height}`, role: 'img', 'aria-label': label },
    drawing('polyline', { points: points.map(place).join(' ') }));
}

/** What a person should know beside the state, the pressing first. */
function remarks(task) {
  const lines = [];
  if (task.hold) lines.push(remark('problem', task.hold.code, task.hold.message));
  for (const gap of task.unmeasured ?? []) lines.push(remark('problem', gap.code, gap.message));
  for (const reason of task.reasons ?? []) lines.push(remark('muted', `${count(reason.count)} × ${reason.code}`, `the first: ${reason.example}`));
  if (task.waiting > 0) lines.push(remark('muted', count(task.waiting), 'records wait for a manifest'));
  if (task.late > 0) lines.push(remark('muted', count(task.late), 'records came after the close and were put aside'));
  for (const note of task.notes ?? []) lines.push(remark('note', note.code, note.message));
  return lines.length === 0 ? null : h('ul', { class: 'remarks' }, lines);
}

/** What the race for the recipe's open fields came to: each candidate's loss, round by round, the winner first to be read. */
function race(task) {
  if (!task.race) return null;
  const { candidates, winner, cost, budget, remark: why } = task.race;
  const words = (values) => Object.entries(values).map(([field, value]) => `${field} ${value}`).join(', ');
  if (candidates.every((candidate) => candidate.trials.length === 0)) {
    return h('div', { class: 'race muted' }, `${words(candidates[winner].values)}: ${why}`);
  }
  const rounds = Math.max(...candidates.map((candidate) => candidate.trials.length));
  const columns = ['Candidate', ...Array.from({ length: rounds }, (_, round) => ({ title: `Round ${round + 1}`, number: true })), 'Outcome'];
  const best = Math.min(...candidates.flatMap((candidate) => candidate.trials.map((trial) => trial.unlearnt + trial.forgotten)));
  return h('details', { class: 'race', 'data-key': 'race' },
    h('summary', {}, `${words(candidates[winner].values)}: ${why}`),
    table('Candidates of the race', columns, candidates.map((candidate, place) => [
      h('span', { class: place === winner ? 'won' : null }, words(candidate.values)),
      ...Array.from({ length: rounds }, (_, round) => trial(candidate.trials[round], best)),
      candidate.outcome.toLowerCase(),
    ])),
    h('div', { class: 'line' }, `Loss on held-out train examples and what earlier tasks lose, as shares; ${fixed(cost, 1)} of ${fixed(budget, 1)} steps.`));
}

function trial(one, best) {
  if (!one) return '–';
  const sum = one.unlearnt + one.forgotten;
  return h('span', { class: 'trial', title: `${count(one.steps)} steps: not learnt ${fixed(one.unlearnt, 3)}, forgotten ${fixed(one.forgotten, 3)}` },
    h('span', { class: 'share', style: { '--share': String(Math.min(1, best / sum)) } }), fixed(sum, 3));
}

function remark(tone, head, text) {
  return h('li', { class: tone }, h('b', {}, head), ` ${text}`);
}

/** What a measured task scored at its own version. */
function learnt(task, matrix) {
  const row = task.state === 'EVALUATED' && matrix ? matrix.versions.indexOf(task.version) : -1;
  const column = row < 0 ? -1 : matrix.tasks.indexOf(taskName(task.task));
  if (column < 0) return '';
  return h('span', { class: 'muted' }, `${matrix.metrics[column]} ${score(matrix.matrix[row][column])} when learnt`);
}
