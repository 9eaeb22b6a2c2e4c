// Which adapter a task's drop in the union view comes from: computed for the question, with its progress, and only when asked.

import { lines } from './api.js';
import { asking } from './asking.js';
import { byId, choices, empty, fill, h, show, table } from './dom.js';
import { colourOf, count, fixed, percent, score, signed } from './format.js';

const heldTasks = (model) => model.versions.filter((version) => version.held && version.task).map((version) => version.task);

const question = asking('blame', {
  label: 'Find out',
  about: 'Each adapter that came later is left out, and added alone, and the task’s eval split is scored each time; then the layers of the one of largest effect. Nothing is changed by it.',
  put: ({ model, signal, line }) => lines(`api/v1/models/${model.name}/tasks/${byId('blame-task').value}/blame`, { why: 'asked on the page' }, signal, line),
  measure: ({ scored, scorings }) => ({ done: scored, most: scorings, words: `${count(scored)} of at most ${count(scorings)} scorings` }),
  answer,
});

export const startBlame = question.start;

export function renderBlame(model, matrix) {
  const tasks = heldTasks(model);
  const several = tasks.length > 1;
  show('blame-form', several);
  fill('blame-empty', several ? null : empty('There is nobody to blame',
    'With a second task in the version it can be asked which adapter a drop comes from.', `tessellate push ${model.name}/TASK --data DIR --wait`));
  choices('blame-task', tasks.map((task) => [task, task]), worst(tasks, matrix));
  question.render(model);
}

/** The task that dropped most at the newest version. */
function worst(tasks, matrix) {
  const drop = (task) => matrix?.drops?.[matrix.tasks.indexOf(task)] ?? -Infinity;
  return tasks.reduce((most, task) => (drop(task) > drop(most) ? task : most), tasks[0]) ?? '';
}

function answer(model, found) {
  const change = (one) => h('span', { title: `${score(one.score)}, 95 % ${score(one.low)} to ${score(one.high)} (${one.interval}); ${one.test}, p ${fixed(one.p, 3)}` },
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
