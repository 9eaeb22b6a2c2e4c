// A box to try a text: the same text put to every task of the champion, in both views side by side.

import { Refusal, post, read } from './api.js';
import { offerToken, tokenMissing } from './asking.js';
import { byId, choices, empty, fill, h, problem, show } from './dom.js';
import { colourOf, fixed, percent } from './format.js';

/** So many questions are on their way at once. */
const AT_ONCE = 4;
/** So many labels of an answer are shown. */
const LABELS = 3;

/** What was asked last and what came of it: an answer for each task and view. */
let round = null;
let running = false;
let shownModel = null;
const inputs = new Map();

const tasksOf = (model) => model.versions.filter((version) => version.held && version.task).map((version) => version.task);

export function renderAsk(model) {
  const tasks = tasksOf(model);
  offerToken('ask-token');
  show('ask-form', tasks.length > 0);
  show('ask-answers', tasks.length > 0);
  fill('ask-empty', tasks.length > 0 ? null : empty('Nobody can be asked yet',
    'A task answers as soon as it is committed.', `tessellate push ${model.name}/sentiment --data DIR --wait`));
  choices('ask-task', [['', 'all tasks'], ...tasks.map((task) => [task, task])], '');
  choices('ask-version', [
    ['', model.champion ? `the champion, v${model.champion}` : `the newest, v${model.versions.length}`],
    ...[...model.versions].reverse().map(({ number }) => [String(number), `version ${number}`]),
  ], '');
  if (shownModel !== model.name) {
    shownModel = model.name;
    round = null;
    complain(null);
  }
  renderAnswers(model);
}

/** The names that a task's records have for what is asked, in the order text, second text, choices. */
async function fields(model, task) {
  const key = `${model}.${task}`;
  if (!inputs.has(key)) inputs.set(key, (await read(`v2/models/${key}`)).inputs.map((input) => input.name));
  return inputs.get(key);
}

async function question(model, task, texts) {
  const [first, ...more] = await fields(model, task);
  if (first === 'messages') return { messages: [{ role: 'user', content: texts.text }] };
  const record = { [first]: texts.text };
  if (more.includes('choices')) record.choices = texts.choices;
  const pair = more.find((name) => name !== 'choices');
  if (texts.pair) record[pair ?? 'text_pair'] = texts.pair;
  return record;
}

async function answer(model, task, view, version, texts) {
  try {
    const query = view === 'union' ? `?view=union${version ? `&version=${version}` : ''}` : '?view=task';
    return await post(`api/v1/models/${model}/tasks/${task}/predictions${query}`, await question(model, task, texts));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { error: { code: error.code, message: error.message } };
  }
}

function complain(text) {
  show('ask-error', Boolean(text));
  fill('ask-error', text);
}

async function ask(model) {
  if (running) return;
  const texts = {
    text: byId('ask-text').value,
    pair: byId('ask-pair').value.trim(),
    choices: byId('ask-choices').value.split('\n').map((line) => line.trim()).filter(Boolean),
  };
  const blank = texts.text.trim() === '';
  const lack = blank ? 'There is no text yet.' : tokenMissing('ask-token')?.message;
  complain(lack);
  if (blank) byId('ask-text').focus();
  if (lack) return;
  const tasks = byId('ask-task').value ? [byId('ask-task').value] : tasksOf(model);
  const version = byId('ask-version').value || (model.champion ? '' : String(model.versions.length));
  round = { model: model.name, text: texts.text, rows: tasks.map((task) => ({ task, answers: {} })) };
  running = true;
  byId('ask-do').disabled = true;
  const mine = round;
  const left = mine.rows.flatMap((row) => ['task', 'union'].map((view) => ({ row, view })));
  const work = async () => {
    for (let next = left.shift(); next && mine === round; next = left.shift()) {
      next.row.answers[next.view] = await answer(mine.model, next.row.task, next.view, version, texts);
      renderAnswers(model);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    running = false;
    byId('ask-do').disabled = false;
    renderAnswers(model);
  }
}

function renderAnswers(model) {
  if (!round) {
    fill('ask-answers', h('p', { class: 'muted' }, 'Answers stand here: by each task’s own view, which never changes, and beside it by the union view.'));
    return;
  }
  fill('ask-answers', h('table', { class: 'hidden-caption answers' },
    h('caption', {}, 'Answers of both views'),
    h('thead', {}, h('tr', {}, ['Task', 'Task view', 'Union view', ''].map((title) => (title ? h('th', { scope: 'col' }, title) : h('td', {}))))),
    h('tbody', {}, round.rows.map(({ task, answers }) => h('tr', { 'data-key': task, 'data-asked': task },
      h('th', { scope: 'row' }, h('span', { class: 'swatch', style: { '--swatch': colourOf(model, task) } }), h('span', { class: 'task-name' }, task)),
      h('td', { 'data-view': 'task' }, shown(answers.task)),
      h('td', { 'data-view': 'union' }, shown(answers.union)),
      h('td', {}, compared(answers)))))));
}

/** One answer: what it is, how sure, and by which version. */
function shown(answer) {
  if (!answer) return h('span', { class: 'muted' }, running ? 'asking…' : 'not asked');
  if (answer.error) return h('span', { class: 'problem' }, h('b', {}, answer.error.code), ` ${answer.error.message}`);
  return h('div', {}, said(answer), h('div', { class: 'muted' }, `version ${answer.version}`));
}

function said(answer) {
  if (answer.value !== undefined) return h('b', {}, fixed(answer.value, 4));
  if (answer.text !== undefined) return h('div', { class: 'wrap' }, h('q', {}, answer.text), answer.ended ? null : h('span', { class: 'muted' }, ' cut off'));
  const named = Array.isArray(answer.probabilities)
    ? answer.probabilities.map((p, i) => [`choice ${i + 1}`, p])
    : Object.entries(answer.probabilities);
  const best = named.sort((a, b) => b[1] - a[1]).slice(0, LABELS);
  return h('ul', { class: 'labels' }, best.map(([label, p], i) => h('li', {},
    h('span', { class: 'share', style: { '--share': String(p) }, 'aria-hidden': 'true' }),
    h(i === 0 ? 'b' : 'span', { class: 'label' }, label), h('span', { class: 'value' }, percent(p)))));
}

/** Whether both views say the same. */
function compared({ task, union }) {
  if (!task || !union || task.error || union.error) return null;
  const key = (answer) => answer.index ?? answer.text ?? answer.value;
  if (task.value !== undefined) return h('span', { class: 'muted' }, `differ by ${fixed(Math.abs(task.value - union.value), 4)}`);
  return key(task) === key(union) ? h('span', { class: 'pill', 'data-tone': 'good' }, 'same') : h('span', { class: 'pill', 'data-tone': 'warn' }, 'differ');
}

export function startAsk(currentModel) {
  byId('ask-form').addEventListener('submit', (event) => {
    event.preventDefault();
    ask(currentModel());
  });
}
