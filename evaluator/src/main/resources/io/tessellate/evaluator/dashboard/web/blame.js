// Which adapter a task's drop in the union view comes from: computed for the question, with its progress, and only when asked.

import { Refusal, lines, token } from './api.js';
import { byId, empty, fill, h, show, table } from './dom.js';
import { colourOf, count, percent, score, signed } from './format.js';

/** What was asked last: where it is, and what came of it. */
let round = null;

const heldTasks = (model) => model.versions.filter((version) => version.held && version.task).map((version) => version.task);

export function renderBlame(model, matrix) {
  const tasks = heldTasks(model);
  const several = tasks.length > 1;
  show('blame-form', several);
  fill('blame-empty', several ? null : empty('There is nobody to blame',
    'With a second task in the version it can be asked which adapter a drop comes from.', `tessellate push ${model.name}/TASK --data DIR --wait`));
  const before = byId('blame-task').value;
  fill('blame-task', tasks.map((task) => h('option', { value: task }, task)));
  byId('blame-task').value = tasks.includes(before) ? before : worst(tasks, matrix);
  if (byId('blame-token').value === '') byId('blame-token').value = token.get();
  if (round && round.model !== model.name) {
    round.stop.abort();
    round = null;
  }
  draw(model);
}

/** The task that dropped most at the newest version. */
function worst(tasks, matrix) {
  const drop = (task) => matrix?.drops?.[matrix.tasks.indexOf(task)] ?? -Infinity;
  return tasks.reduce((most, task) => (drop(task) > drop(most) ? task : most), tasks[0]) ?? '';
}

async function ask(model) {
  if (round?.running) {
    round.stop.abort();
    return;
  }
  if (byId('blame-token').value.trim() === '') {
    round = { model: model.name, stop: new AbortController(), error: new Refusal('NO_TOKEN', 'The server answers to those only who have its token.') };
    draw(model);
    byId('blame-token').focus();
    return;
  }
  token.set(byId('blame-token').value.trim());
  const mine = { model: model.name, task: byId('blame-task').value, running: true, stop: new AbortController() };
  round = mine;
  draw(model);
  try {
    await lines(`api/v1/models/${model.name}/tasks/${mine.task}/blame`, { why: 'asked on the page' }, mine.stop.signal, (line) => {
      if (line.progress) mine.progress = line.progress;
      if (line.result) mine.result = line.result;
      if (line.error) mine.error = new Refusal(line.error.code, line.error.message);
      if (mine === round) draw(model);
    });
  } catch (error) {
    if (error.name === 'AbortError') mine.error = new Refusal('CANCELLED', 'Stopped: nothing more is computed.');
    else if (error instanceof Refusal) mine.error = error;
    else throw error;
  } finally {
    mine.running = false;
    if (!mine.result && !mine.error) mine.error = new Refusal('INTERRUPTED', 'The server ended before it had an answer. Ask again.');
    if (mine === round) draw(model);
  }
}

function draw(model) {
  fill('blame-do', round?.running ? 'Stop' : 'Find out');
  if (!round) {
    fill('blame', h('p', { class: 'muted' }, 'Each adapter that came later is left out, and added alone, and the task’s eval split is scored each time; then the layers of the one of largest effect. Nothing is changed by it.'));
    return;
  }
  if (round.error) {
    fill('blame', h('p', { class: 'problem', role: 'alert' }, h('b', {}, round.error.code), ` ${round.error.message}`));
  } else if (round.result) {
    fill('blame', answer(model, round.result));
  } else {
    const { scored, scorings, doing } = round.progress ?? { scored: 0, scorings: 0, doing: 'waiting for its turn' };
    fill('blame', h('div', { class: 'progress' },
      h('progress', scorings > 0 ? { max: scorings, value: scored, 'aria-label': `${scored} of ${scorings}` } : { 'aria-label': doing }),
      h('div', { class: 'line' }, `${doing}${scorings > 0 ? ` · ${count(scored)} of at most ${count(scorings)} scorings` : ''}`)));
  }
}

function answer(model, found) {
  const change = (one) => h('span', { title: `${score(one.score)}, 95 % ${score(one.low)} to ${score(one.high)} (${one.interval}); ${one.test}, p ${one.p.toFixed(3)}` },
    `${signed(one.difference)}${one.corrected <= 0.05 ? ' *' : ''}`);
  return [
    h('p', { 'data-says': found.task }, found.says),
    found.adapters.length === 0 ? null : table('Adapters by which the views differ', [
      'Adapter', 'How', { title: 'Owns', number: true }, { title: 'Without it', number: true }, { title: 'It alone', number: true }, { title: 'Effect', number: true }, { title: 'Lost / won', number: true },
    ], found.adapters.map((one) => [
      h('span', {}, h('span', { class: 'swatch', style: { '--swatch': colourOf(model, one.task) } }), `${one.task}, version ${one.version}`),
      one.kind === 'added' ? 'came later' : 'taken out since', percent(one.owned / model.eligible),
      change(one.undone), change(one.alone), h(found.culprit?.version === one.version ? 'b' : 'span', {}, signed(one.effect)), `${count(one.alone.lost)} / ${count(one.alone.won)}`,
    ])),
    found.layers.length === 0 ? null : table(`Layers of ${found.culprit.task}`, ['Layer', { title: 'Weights', number: true }, { title: 'Without this layer', number: true }],
      found.layers.map((one) => [one.layer, count(one.entries), change(one.undone)]), { hideCaption: false }),
    h('p', { class: 'muted' }, `* p at most 0.05 after Holm’s correction. ${count(found.examples)} examples, ${found.metric}, ${count(found.scorings)} scorings; own view ${score(found.own.score)}, union view ${score(found.union.score)}, together ${signed(found.together)}.`),
  ];
}

export function startBlame(currentModel) {
  byId('blame-form').addEventListener('submit', (event) => {
    event.preventDefault();
    ask(currentModel());
  });
}
