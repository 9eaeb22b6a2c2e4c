// What a training of a dataset that has arrived would choose and meet: computed when asked, with its progress; nothing is reserved by it.

import { lines } from './api.js';
import { asking } from './asking.js';
import { byId, choices, empty, fill, h, show, table } from './dom.js';
import { colourOf, count, percent, signed, taskName } from './format.js';

/** States in which a dataset was closed under the task's own name. */
const CLOSED = ['READY', 'TRAINING', 'COMMITTED', 'EVALUATED', 'FAILED', 'CANCELLED', 'DROPPED'];
const WAITS = ['READY', 'FAILED', 'CANCELLED', 'DROPPED'];

const question = asking('forecast', {
  label: 'Forecast',
  about: 'The mask is found by the code that trains, on the version that the next task is built on. Nothing is reserved or changed by it.',
  put({ model, signal, line }) {
    const body = { share: Number(byId('forecast-share').value), why: 'asked on the page' };
    return lines(`api/v1/models/${model.name}/tasks/${byId('forecast-task').value}/forecast`, body, signal, line);
  },
  measure: ({ step, steps }) => ({ done: step, most: steps, words: `step ${count(step)} of ${count(steps)}` }),
  answer,
});

export const startForecast = question.start;

export function renderForecast(model, tasks) {
  const closed = tasks.filter((task) => CLOSED.includes(task.state));
  show('forecast-form', closed.length > 0);
  fill('forecast-empty', closed.length > 0 ? null : empty('No dataset was closed yet',
    'What a directory would meet is asked before it is sent.', `tessellate forecast ${model.name} DIR`));
  const names = closed.map((task) => taskName(task.task));
  const next = closed.find((task) => WAITS.includes(task.state));
  choices('forecast-task', names.map((name) => [name, name]), next ? taskName(next.task) : names[names.length - 1] ?? '');
  question.render(model);
}

const owner = (model, task) => h('span', {}, h('span', { class: 'swatch', style: { '--swatch': colourOf(model, task) } }), task);

function answer(model, found) {
  const fits = found.fits ? `it fits, and ${count(found.more)} more of this size behind it` : `it does not fit: ${found.lacking}`;
  return [
    h('p', { 'data-says': found.task }, `${found.task} by ${found.method}, density ${found.density}, on version ${found.version}: ${fits}.`),
    found.fits ? null : h('p', { class: 'problem' }, 'A training would fail so. A smaller density, “exhaustion: shrink” in its recipe, a task that is dropped, or another model would make room.'),
    found.trainedAs ? h('p', {}, `It is trained already, as version ${found.trainedAs}: this is what training it once more would meet.`) : null,
    h('p', {}, `It wants ${count(found.wanted)} weights, of which earlier tasks own ${count(found.wantedOwned)} (${percent(found.wanted > 0 ? found.wantedOwned / found.wanted : 0)}).`),
    found.owners.length === 0 ? null : table('Who owns what it wants', ['Owner', { title: 'Owns', number: true }, { title: 'Wanted of it', number: true }, { title: 'Of what is wanted', number: true }],
      found.owners.map((one) => [owner(model, one.task), count(one.owned), count(one.wanted), percent(found.wanted > 0 ? one.wanted / found.wanted : 0)]), { hideCaption: false }),
    found.conflicts.length === 0 ? null : table('Its gradient against theirs', ['Earlier task', { title: 'Examples', number: true }, { title: 'Cosine', number: true }, 'The first steps'],
      found.conflicts.map((one) => [owner(model, one.task), count(one.examples), one.cosine === null ? '–' : signed(one.cosine),
        one.cosine === null ? 'not defined: a gradient is 0' : one.cosine < 0 ? 'raise its loss' : 'lower its loss, or leave it']), { hideCaption: false }),
    table('What is left in each layer', ['Layer', { title: 'Targeted', number: true }, { title: 'Owned', number: true }, { title: 'Wanted', number: true }, { title: 'Owned of it', number: true }, { title: 'Chosen', number: true }, { title: 'Left', number: true }],
      found.layers.map((one) => [one.layer, count(one.targeted), count(one.owned), count(one.wanted), count(one.wantedOwned), count(one.chosen), count(one.left)]), { hideCaption: false }),
    h('p', { class: 'muted' }, `${count(found.examples)} of ${count(found.ofExamples)} examples looked at; ${found.exact ? 'a training that began now would begin with exactly this mask' : 'a training may begin with another mask'}.`),
    Object.entries(found.presumed).map(([field, value]) => h('p', { class: 'muted' }, `${field} is left to a race, presumed ${value}.`)),
    found.leftOut.map((left) => h('p', { class: 'muted' }, `Not held against ${left}.`)),
  ].flat();
}
