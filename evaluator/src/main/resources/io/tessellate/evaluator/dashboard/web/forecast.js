// What a training of a dataset that has arrived would choose and meet: computed when asked, with its progress; nothing is reserved by it.

import { Refusal, lines, token } from './api.js';
import { byId, empty, fill, h, show, table } from './dom.js';
import { colourOf, count, percent, taskName } from './format.js';

/** What was asked last: where it is, and what came of it. */
let round = null;

/** States in which a dataset was closed under the task's own name. */
const CLOSED = ['READY', 'TRAINING', 'COMMITTED', 'EVALUATED', 'FAILED', 'CANCELLED', 'DROPPED'];
const WAITS = ['READY', 'FAILED', 'CANCELLED', 'DROPPED'];

export function renderForecast(model, tasks) {
  const closed = tasks.filter((task) => CLOSED.includes(task.state));
  show('forecast-form', closed.length > 0);
  fill('forecast-empty', closed.length > 0 ? null : empty('No dataset was closed yet',
    'What a directory would meet is asked before it is sent.', `tessellate forecast ${model.name} DIR`));
  const names = closed.map((task) => taskName(task.task));
  const before = byId('forecast-task').value;
  fill('forecast-task', names.map((name) => h('option', { value: name }, name)));
  const next = closed.find((task) => WAITS.includes(task.state));
  byId('forecast-task').value = names.includes(before) ? before : (next ? taskName(next.task) : names[names.length - 1] ?? '');
  if (byId('forecast-token').value === '') byId('forecast-token').value = token.get();
  if (round && round.model !== model.name) {
    round.stop.abort();
    round = null;
  }
  draw(model);
}

async function ask(model) {
  if (round?.running) {
    round.stop.abort();
    return;
  }
  if (byId('forecast-token').value.trim() === '') {
    round = { model: model.name, stop: new AbortController(), error: new Refusal('NO_TOKEN', 'The server answers to those only who have its token.') };
    draw(model);
    byId('forecast-token').focus();
    return;
  }
  token.set(byId('forecast-token').value.trim());
  const mine = { model: model.name, task: byId('forecast-task').value, running: true, stop: new AbortController() };
  const body = { share: Number(byId('forecast-share').value), why: 'asked on the page' };
  round = mine;
  draw(model);
  try {
    await lines(`api/v1/models/${model.name}/tasks/${mine.task}/forecast`, body, mine.stop.signal, (line) => {
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
  fill('forecast-do', round?.running ? 'Stop' : 'Forecast');
  if (!round) {
    fill('forecast', h('p', { class: 'muted' }, 'The mask is found by the code that trains, on the version that the next task is built on. Nothing is reserved or changed by it.'));
  } else if (round.error) {
    fill('forecast', h('p', { class: 'problem', role: 'alert' }, h('b', {}, round.error.code), ` ${round.error.message}`));
  } else if (round.result) {
    fill('forecast', answer(model, round.result));
  } else {
    const { step, steps, doing } = round.progress ?? { step: 0, steps: 0, doing: 'waiting for its turn' };
    fill('forecast', h('div', { class: 'progress' },
      h('progress', steps > 0 ? { max: steps, value: step, 'aria-label': `${step} of ${steps}` } : { 'aria-label': doing }),
      h('div', { class: 'line' }, `${doing}${steps > 0 ? ` · step ${count(step)} of ${count(steps)}` : ''}`)));
  }
}

const owner = (model, task) => h('span', {}, h('span', { class: 'swatch', style: { '--swatch': colourOf(model, task) } }), task);

function answer(model, found) {
  const fits = found.fits ? `it fits, and ${count(found.more)} more of this size behind it` : `it does not fit: ${found.lacking}`;
  return [
    h('p', { 'data-says': found.task }, `${found.task} by ${found.method}, density ${found.density}, on version ${found.version}: ${fits}.`),
    found.trainedAs ? h('p', {}, `It is trained already, as version ${found.trainedAs}: this is what training it once more would meet.`) : null,
    h('p', {}, `It wants ${count(found.wanted)} weights, of which earlier tasks own ${count(found.wantedOwned)} (${percent(found.wanted > 0 ? found.wantedOwned / found.wanted : 0)}).`),
    found.owners.length === 0 ? null : table('Who owns what it wants', ['Owner', { title: 'Owns', number: true }, { title: 'Wanted of it', number: true }, { title: 'Of what is wanted', number: true }],
      found.owners.map((one) => [owner(model, one.task), count(one.owned), count(one.wanted), percent(found.wanted > 0 ? one.wanted / found.wanted : 0)]), { hideCaption: false }),
    found.conflicts.length === 0 ? null : table('Its gradient against theirs', ['Earlier task', { title: 'Examples', number: true }, { title: 'Cosine', number: true }, 'The first steps'],
      found.conflicts.map((one) => [owner(model, one.task), count(one.examples), one.cosine === null ? '–' : one.cosine.toFixed(3),
        one.cosine === null ? 'not defined: a gradient is 0' : one.cosine < 0 ? 'raise its loss' : 'lower its loss, or leave it']), { hideCaption: false }),
    table('What is left in each layer', ['Layer', { title: 'Targeted', number: true }, { title: 'Owned', number: true }, { title: 'Wanted', number: true }, { title: 'Owned of it', number: true }, { title: 'Chosen', number: true }, { title: 'Left', number: true }],
      found.layers.map((one) => [one.layer, count(one.targeted), count(one.owned), count(one.wanted), count(one.wantedOwned), count(one.chosen), count(one.left)]), { hideCaption: false }),
    h('p', { class: 'muted' }, `${count(found.examples)} of ${count(found.ofExamples)} examples looked at; ${found.exact ? 'a training that began now would begin with exactly this mask' : 'a training may begin with another mask'}.`),
    Object.entries(found.presumed).map(([field, value]) => h('p', { class: 'muted' }, `${field} is left to a race, presumed ${value}.`)),
    found.leftOut.map((left) => h('p', { class: 'muted' }, `Not held against ${left}.`)),
  ].flat();
}

export function startForecast(currentModel) {
  byId('forecast-form').addEventListener('submit', (event) => {
    event.preventDefault();
    ask(currentModel());
  });
}
